async (server) => {
  const place = document.getElementById(server.id);
  const local = ["localhost", "127.0.0.1", "[::1]"].includes(location.hostname);

  /** Where Jupyter's own addresses begin, if this is a page of Jupyter. */
  function jupyterBase() {
    const config = document.getElementById("jupyter-config-data")?.textContent;
    const base = config ? JSON.parse(config).baseUrl : document.body.dataset.baseUrl;
    return base ? new URL(base, location.href).href : null;
  }

  function candidates() {
    const base = jupyterBase();
    const proxied = base ? [`${base}proxy/${server.port}`] : [];
    const direct = [`${server.scheme}://localhost:${server.port}`];
    if (location.protocol.startsWith("http") && location.hostname !== "localhost") {
      direct.unshift(`${server.scheme}://${location.hostname}:${server.port}`);
    }
    const given = server.proxies.map((address) => new URL(address, location.href).href);
    return [...given, ...(local ? [...direct, ...proxied] : [...proxied, ...direct])];
  }

  /** The token is in the path, so nothing but this server gives that answer. */
  async function answers(address) {
    try {
      const answer = await fetch(`${address}${server.path}api/info`, { signal: AbortSignal.timeout(4000) });
      return answer.ok && "version" in (await answer.json());
    } catch {
      return false;
    }
  }

  function show(address) {
    const frame = document.createElement("iframe");
    frame.src = address + server.path;
    frame.title = `cupola: ${server.shows}`;
    frame.allow = "fullscreen; clipboard-write";
    frame.style.cssText = `display: block; width: 100%; height: ${server.height}px; border: 0;`;
    place.replaceChildren(frame);
  }

  function tell(text) {
    const paragraph = document.createElement("p");
    paragraph.textContent = text;
    place.replaceChildren(paragraph);
  }

  if (globalThis.google?.colab?.kernel) {
    return show((await google.colab.kernel.proxyPort(server.port, { cache: true })).replace(/\/$/, ""));
  }
  for (const address of candidates()) {
    if (await answers(address)) return show(address);
  }
  tell(
    `This browser does not reach cupola, which shows ${server.shows} at port ${server.port} of the kernel's machine. ` +
      (local
        ? "If the kernel has ended, run the cell again. If Jupyter runs on another machine, behind a tunnel, forward " +
          `the port too (ssh -L ${server.port}:localhost:${server.port} …), or install jupyter-server-proxy beside Jupyter.`
        : "If the kernel has ended, run the cell again. Else install jupyter-server-proxy beside Jupyter and start Jupyter " +
          "anew, or give %cupola the option --bind_all where the network may see it."),
  );
}
