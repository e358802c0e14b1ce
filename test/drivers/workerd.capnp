# One worker with the cases; it may reach loopback, and trusts the suite's authority besides the usual.
using Workerd = import "/workerd/workerd.capnp";

const config :Workerd.Config = (
  services = [
    (name = "cases", worker = .cases),
    (name = "store", worker = .store),
    (name = "internet", network = (
      allow = ["public", "private", "local"],
      tlsOptions = (trustBrowserCas = true, trustedCertificates = [embed "ca.pem"]),
    )),
  ],
  sockets = [(name = "http", address = "127.0.0.1:0", http = (), service = "cases")],
);

const cases :Workerd.Worker = (
  modules = [(name = "worker.mjs", esModule = embed "worker.mjs")],
  compatibilityDate = "2026-10-01",
  bindings = [(name = "KV", kvNamespace = "store"), (name = "R2", r2Bucket = "store")],
);

const store :Workerd.Worker = (
  modules = [(name = "store.mjs", esModule = embed "store.mjs")],
  compatibilityDate = "2026-10-01",
);
