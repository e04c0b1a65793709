// `arzamed exec` has every Node below it load this first, by NODE_OPTIONS. Node before 22.21 ignores HTTPS_PROXY, and
// newer ones heed it only in fetch() and their global agents. So a connection gets a tunnel through HTTPS_PROXY if it leads
// to an intercepted host or speaks HTTP, unless NO_PROXY names its host or it has a socket of its own already. Made for
// Node 18 and newer.
'use strict';

const { readFileSync } = require('node:fs');
const http = require('node:http');
const https = require('node:https');
const net = require('node:net');
const tls = require('node:tls');
const { Duplex } = require('node:stream');

const once = Symbol.for('arzamed-devkit.node-preload');
const { connect: connectDirectly } = net;
const proxy = process.env.https_proxy || process.env.HTTPS_PROXY;
const listOf = (text) =>
  (text || '')
    .toLowerCase()
    .split(/[\s,]+/)
    .filter(Boolean);
const intercepted = new Set(listOf(process.env.ARZAMED_EXEC_HOSTS));
const bypassed = listOf(process.env.no_proxy || process.env.NO_PROXY);

/** What stands in for a socket until the proxy has opened the way, and carries the connection then. */
class Tunnel extends Duplex {
  constructor(host, port) {
    super({ allowHalfOpen: false });
    this.authority = `${net.isIPv6(host) ? `[${host}]` : host}:${port}`;
    this.remotePort = Number(port);
    this.connecting = true;
    const { hostname, port: at } = new URL(proxy);
    this.socket = connectDirectly({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(at) || 80 });
    this.socket.on('timeout', () => this.emit('timeout'));
  }

  _construct(done) {
    const { socket, authority } = this;
    let head = '';
    const fail = (reason) => {
      socket.off('data', read).off('error', failed).off('close', closed).destroy();
      const message = `No tunnel to ${authority} through the proxy ${proxy}: ${reason}`;
      done(Object.assign(new Error(message), { code: 'ERR_PROXY_TUNNEL' }));
    };
    const failed = ({ message }) => fail(message);
    const closed = () => fail('it closed the connection.');
    const read = (chunk) => {
      head += chunk.toString('latin1');
      const end = head.indexOf('\r\n\r\n');
      if (end < 0) return;
      if (/^HTTP\/1\.[01] 200 /.test(head)) {
        socket.off('data', read).off('error', failed).off('close', closed);
        this.carry(Buffer.from(head.slice(end + 4), 'latin1'));
        this.connecting = false;
        done();
        for (const event of ['connect', 'ready']) this.emit(event);
      } else fail(head.split('\r\n')[0]);
    };
    socket.on('data', read).once('error', failed).once('close', closed);
    socket.write(`CONNECT ${authority} HTTP/1.1\r\nHost: ${authority}\r\n\r\n`);
  }

  carry(first) {
    const push = (chunk) => this.push(chunk) || this.socket.pause();
    if (first.length > 0) push(first);
    this.socket.on('data', push);
    this.socket.on('end', () => this.push(null));
    this.socket.on('error', (error) => this.destroy(error));
    this.socket.on('close', () => this.destroy());
  }

  _read() {
    this.socket.resume();
  }

  _write(chunk, encoding, done) {
    this.socket.write(chunk, done);
  }

  _final(done) {
    this.socket.end(done);
  }

  _destroy(error, done) {
    this.socket.destroy();
    done(error);
  }

  setTimeout(milliseconds, listener) {
    this.socket.setTimeout(milliseconds);
    if (listener) this[milliseconds === 0 ? 'off' : 'once']('timeout', listener);
    return this;
  }

  address() {
    return this.socket.address();
  }
}

// What programs ask of a socket, or read there. An idle connection must not keep a program from ending, and only the real
// socket can let go of it.
for (const name of ['ref', 'unref', 'setKeepAlive', 'setNoDelay']) {
  Tunnel.prototype[name] = function (...args) {
    this.socket[name](...args);
    return this;
  };
}
const facts = ['remoteAddress', 'remoteFamily', 'localAddress', 'localPort', 'localFamily', 'timeout'];
for (const name of [...facts, 'bytesRead', 'bytesWritten']) {
  Object.defineProperty(Tunnel.prototype, name, { get: read(name), configurable: true });
}

function read(name) {
  return function () {
    return this.socket[name];
  };
}

function isBypassed(host) {
  const name = host.toLowerCase();
  return bypassed.some((each) => {
    const suffix = each.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
    return each === '*' || name === suffix || name.endsWith(`.${suffix}`);
  });
}

function isIntercepted(host) {
  return intercepted.has(host.toLowerCase().replace(/\.$/, ''));
}

/** The ways to call connect(), as one object. */
function optionsOf(args) {
  const options = Object.assign({}, ...args.filter((each) => typeof each === 'object'));
  if (typeof args[0] !== 'object') options[Number(args[0]) >= 0 ? 'port' : 'path'] = args[0];
  if (typeof args[1] === 'string') options.host = args[1];
  return { ...options, host: options.host || 'localhost' };
}

function speaksHttp({ port, ALPNProtocols }) {
  const protocols = Array.isArray(ALPNProtocols) ? ALPNProtocols : [];
  return Number(port) === 443 || protocols.includes('http/1.1') || protocols.includes('h2');
}

/** Whether an agent for HTTPS is connecting. */
let byAgent = false;

function interceptTls() {
  const { connect } = tls;
  tls.connect = function (...args) {
    const options = optionsOf(args);
    const { host, port, path, socket } = options;
    const isMeant = byAgent || isIntercepted(host) || speaksHttp(options);
    if (socket || path || !isMeant || isBypassed(host)) return connect.apply(this, args);
    const tunnel = new Tunnel(host, port);
    const listeners = args.filter((each) => typeof each === 'function');
    const secured = connect.call(this, { ...options, socket: tunnel }, ...listeners);
    for (const name of ['ref', 'unref']) {
      const original = secured[name];
      secured[name] = function () {
        tunnel[name]();
        return original.call(this);
      };
    }
    for (const name of [...facts, 'remotePort'].filter((each) => each !== 'timeout')) {
      Object.defineProperty(secured, name, { get: () => tunnel[name], configurable: true });
    }
    return secured;
  };
}

/** Adds the mock, whose certificate is for the intercepted hosts alone, where a program or script names its own authorities. */
function trustBeside() {
  const { ARZAMED_EXEC_TRUST: file, NODE_EXTRA_CA_CERTS: kept } = process.env;
  const { createSecureContext } = tls;
  let authority = '';
  tls.createSecureContext = function (...args) {
    const made = createSecureContext.apply(this, args);
    if (!file || (file === kept && !args[0]?.ca)) return made;
    try {
      authority ||= readFileSync(file, 'latin1');
    } catch {
      return made;
    }
    made.context.addCACert(authority);
    return made;
  };
}

function interceptAgents() {
  const secured = Reflect.get(https.Agent.prototype, 'createConnection');
  https.Agent.prototype.createConnection = function (...args) {
    byAgent = true;
    try {
      return secured.apply(this, args);
    } finally {
      byAgent = false;
    }
  };
  http.Agent.prototype.createConnection = tunnelled(Reflect.get(http.Agent.prototype, 'createConnection'), () => true);
  net.connect = tunnelled(net.connect, isIntercepted);
  net.createConnection = net.connect;
}

/** Connects through a tunnel where that is meant, else as before. */
function tunnelled(connect, isMeant) {
  return function (...args) {
    const { host, port, path, socketPath } = optionsOf(args);
    if (path || socketPath || !isMeant(host) || isBypassed(host)) return connect.apply(this, args);
    const tunnel = new Tunnel(host, port);
    const listener = args.find((each) => typeof each === 'function');
    // An agent takes what is returned.
    if (listener && !(this instanceof http.Agent)) tunnel.once('connect', listener);
    return tunnel;
  };
}

/** Node 22.21 and newer of that line warn of NODE_USE_ENV_PROXY at every start, which is no concern of the program's. */
function withoutWarning() {
  const emit = Reflect.get(process, 'emit');
  function quietly(name, event) {
    return name === 'warning' && event.code === 'UNDICI-EHPA' ? true : emit.apply(this, arguments);
  }
  process.emit = quietly;
  // Unless the program has put its own in place by then.
  setImmediate(() => process.emit === quietly && Reflect.set(process, 'emit', emit)).unref();
}

withoutWarning();
if (proxy && !tls[once]) {
  interceptTls();
  trustBeside();
  interceptAgents();
  tls[once] = true;
  require('node:module').syncBuiltinESMExports();
}
