// `arzamed exec` has every Node below it load this first, by NODE_OPTIONS. Node before 22.21 ignores HTTPS_PROXY, and
// newer ones heed it only in fetch() and their global agents; all their clients open TLS connections by tls.connect().
// So a connection that speaks HTTP gets a tunnel through HTTPS_PROXY, unless NO_PROXY names its host or it has a socket
// of its own already. Made for Node 18 and newer.
'use strict';

const net = require('node:net');
const tls = require('node:tls');
const { Duplex } = require('node:stream');

const once = Symbol.for('arzamed-devkit.node-preload');
const proxy = process.env.https_proxy || process.env.HTTPS_PROXY;
const bypassed = (process.env.no_proxy || process.env.NO_PROXY || '')
  .toLowerCase()
  .split(/[\s,]+/)
  .filter(Boolean);

/** What stands in for the socket of a TLS connection until the proxy has opened the way, and carries it then. */
class Tunnel extends Duplex {
  constructor(authority) {
    super({ allowHalfOpen: false });
    this.authority = authority;
    const { hostname, port } = new URL(proxy);
    this.socket = net.connect({ host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || 80 });
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
        done();
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
}

function isBypassed(host) {
  const name = host.toLowerCase();
  return bypassed.some((each) => {
    const suffix = each.replace(/^\*?\./, '').replace(/^\[|\]$/g, '');
    return each === '*' || name === suffix || name.endsWith(`.${suffix}`);
  });
}

/** The three ways to call tls.connect(), as one object. */
function optionsOf(args) {
  const options = Object.assign({}, ...args.filter((each) => typeof each === 'object'));
  if (typeof args[0] !== 'object') options.port = args[0];
  if (typeof args[1] === 'string') options.host = args[1];
  return options;
}

function speaksHttp({ port, ALPNProtocols }) {
  const protocols = Array.isArray(ALPNProtocols) ? ALPNProtocols : [];
  return Number(port) === 443 || protocols.includes('http/1.1') || protocols.includes('h2');
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
  const { connect } = tls;
  tls.connect = function (...args) {
    const options = optionsOf(args);
    const { host = 'localhost', port, path, socket } = options;
    if (socket || path || !speaksHttp(options) || isBypassed(host)) return connect.apply(this, args);
    const tunnel = new Tunnel(`${net.isIPv6(host) ? `[${host}]` : host}:${port}`);
    const secured = connect.call(
      this,
      { ...options, socket: tunnel },
      ...args.filter((each) => typeof each === 'function'),
    );
    // An idle connection must not keep the program from ending, and only the real socket can let go of it.
    for (const name of ['ref', 'unref']) {
      const original = secured[name];
      secured[name] = function () {
        tunnel.socket[name]();
        return original.call(this);
      };
    }
    return secured;
  };
  tls[once] = true;
  require('node:module').syncBuiltinESMExports();
}
