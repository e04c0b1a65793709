"""`arzamed exec` has every Python below it import this first, by PYTHONPATH.

Some clients (http.client, urllib3, aiohttp, tornado) heed no proxy variable. So the names of the intercepted hosts lead to
addresses that are only for documentation (RFC 5737), and a connection to one of these is a tunnel through HTTPS_PROXY.
Other hosts are left alone.
"""

import os
import sys

_proxy = os.environ.get("https_proxy") or os.environ.get("HTTPS_PROXY") or ""
_trust = os.environ.get("ARZAMED_EXEC_TRUST", "")
_hosts = [host for host in os.environ.get("ARZAMED_EXEC_HOSTS", "").split(",") if host]
_addresses = dict((host, "198.51.100.%d" % (at + 1)) for at, host in enumerate(_hosts[:250]))
_names = dict((address, host) for host, address in _addresses.items())


def _known(host):
    host = host.decode("latin-1") if isinstance(host, bytes) else host
    return host.lower().rstrip(".") if isinstance(host, str) else host


def _patch_socket(module):
    raw = module.socket.__mro__[1]
    getaddrinfo, gethostbyname = module.getaddrinfo, module.gethostbyname

    def look_up(host, port, family=0, *args, **kwargs):
        if family in (0, module.AF_INET):
            host = _addresses.get(_known(host), host)
        return getaddrinfo(host, port, family, *args, **kwargs)

    def tunnel(self, address):
        """Whether the address is that of an intercepted host, to which the socket is then connected."""
        host = _known(address[0]) if self.family == module.AF_INET and isinstance(address, tuple) else None
        host = _names.get(host, host)
        if host not in _addresses or not self.type & module.SOCK_STREAM:
            return False
        timeout = self.gettimeout()
        # The proxy is on this machine and answers at once, so that an event loop need not wait.
        self.settimeout(timeout or 30)
        try:
            where = _proxy.split("//")[-1].rstrip("/").rsplit(":", 1)
            raw.connect(self, (where[0], int(where[1])))
            target = "%s:%d" % (host, address[1])
            raw.sendall(self, ("CONNECT %s HTTP/1.1\r\nHost: %s\r\n\r\n" % (target, target)).encode("ascii"))
            head = b""
            while not head.endswith(b"\r\n\r\n"):
                more = raw.recv(self, 1)
                if not more:
                    break
                head += more
            if b" 200 " not in head.split(b"\r\n")[0]:
                raise ConnectionRefusedError("No tunnel to %s through the proxy %s." % (target, _proxy))
        finally:
            self.settimeout(timeout)
        return True

    def connect(self, address):
        return None if tunnel(self, address) else raw.connect(self, address)

    def connect_ex(self, address):
        try:
            return 0 if tunnel(self, address) else raw.connect_ex(self, address)
        except OSError as error:
            return error.errno or 111

    module.getaddrinfo = look_up
    module.gethostbyname = lambda host: gethostbyname(_addresses.get(_known(host), host))
    module.socket.connect = connect
    module.socket.connect_ex = connect_ex
    module.socket._arzamed = True


def _is_patched():
    """Whether sockets are those patched above: gevent and eventlet have their own."""
    return "_arzamed" in vars(sys.modules["socket"].socket)


def _patch_ssl(module):
    """A program with a bundle of its own trusts the mock beside it, whose certificate is for these hosts alone."""
    load = module.SSLContext.load_verify_locations

    def beside(name):
        original = getattr(module.SSLContext, name)

        def both(self, *args, **kwargs):
            original(self, *args, **kwargs)
            if os.path.exists(_trust):
                load(self, _trust)

        setattr(module.SSLContext, name, both)

    beside("load_verify_locations")
    beside("set_default_verify_paths")


def _patch_requests(module):
    """REQUESTS_CA_BUNDLE beats `Session.verify`; a session that has a bundle of its own, or checks nothing, keeps to that.

    urllib3 takes each connection that breaks behind a proxy for the fault of the proxy. So intercepted hosts are reached by
    the socket alone, and what breaks is told as without a proxy.
    """
    merge = module.Session.merge_environment_settings
    adapter, urlparse = module.HTTPAdapter, module.urlparse
    send = adapter.send

    def merge_environment_settings(self, url, proxies, stream, verify, cert):
        settings = merge(self, url, proxies, stream, verify, cert)
        if verify is None and self.verify is not True:
            settings["verify"] = self.verify
        return settings

    def send_directly(self, request, stream=False, timeout=None, verify=True, cert=None, proxies=None):
        if proxies and _is_patched() and _known(urlparse(request.url).hostname) in _addresses:
            proxies = dict(each for each in proxies.items() if each[1] != _proxy)
        return send(self, request, stream, timeout, verify, cert, proxies)

    module.Session.merge_environment_settings = merge_environment_settings
    adapter.send = send_directly


class _Finder(object):
    """Patches a module once it has been imported, so that programs without it start as fast as before."""

    patches = {"socket": _patch_socket, "ssl": _patch_ssl, "requests.sessions": _patch_requests}

    def find_spec(self, name, path=None, target=None):
        patch = self.patches.pop(name, None)
        if patch is None:
            return None
        others = [finder for finder in sys.meta_path if finder is not self and hasattr(finder, "find_spec")]
        spec = next(filter(None, (finder.find_spec(name, path, target) for finder in others)), None)
        if spec is None or not hasattr(spec.loader, "exec_module"):
            return spec
        execute = spec.loader.exec_module

        def exec_module(module):
            execute(module)
            patch(module)

        spec.loader.exec_module = exec_module
        return spec


def _chain():
    """Imports the sitecustomize that Python would have found without this one."""
    own = sys.modules.pop("sitecustomize")
    here = os.path.dirname(os.path.abspath(__file__))
    sys.path[:] = [path for path in sys.path if os.path.abspath(path) != here]
    try:
        import sitecustomize
    except ImportError:
        sys.modules["sitecustomize"] = own


if sys.version_info >= (3, 6) and _proxy and _hosts:
    _finder = _Finder()
    for _name, _patch in list(_finder.patches.items()):
        if _name in sys.modules:
            _finder.patches.pop(_name)(sys.modules[_name])
    sys.meta_path.insert(0, _finder)
_chain()
