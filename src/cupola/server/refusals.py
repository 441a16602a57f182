"""Each reason for which a request is refused before any route sees it, in words."""

from __future__ import annotations

from typing import Final

from starlette.datastructures import Headers
from starlette.responses import Response

from cupola.server.notice import Notice, refusal

TOKEN_COMMAND: Final = "cupola LOGDIR --token_file ~/.cupola-token"


def foreign_host(hosts: list[str], headers: Headers, is_api: bool) -> Response:
    """The Host header is none that cupola knows as its own."""
    seen = repr(hosts[0][:80]) if len(hosts) == 1 else f"{len(hosts)} Host headers"
    name = hosts[0][:80].rpartition(":")[0] or hosts[0][:80] if len(hosts) == 1 else "NAME"
    command = f"cupola LOGDIR --allow_host {name}"
    return refusal(
        403,
        f"the address names the host {seen}; wanted an IP address or localhost, since a name can be "
        "pointed here by another site: if it is yours, start with --allow_host NAME",
        {
            "en": Notice(
                f"cupola does not know the name {name}",
                (
                    "Any site can point a name of its own at your machine and read what answers there. So "
                    "cupola answers to IP addresses, to localhost, and to the names that it was told.",
                    "If this name is yours, of this machine or of your proxy, start cupola with it:",
                ),
                command,
            ),
            "zh-CN": Notice(
                f"cupola 不认识主机名 {name}",
                (
                    "任何网站都可以把自己的域名指向您的机器并读取其响应，因此 cupola 只响应 IP 地址、"
                    "localhost "
                    "以及启动时指定的主机名。",
                    "如果这个名称属于您（本机或您的代理），请用它启动 cupola：",
                ),
                command,
            ),
        },
        headers,
        is_api,
    )


def another_site(error: str, headers: Headers, is_api: bool) -> Response:
    """A page of another site started the request."""
    return refusal(
        403,
        error,
        {
            "en": Notice(
                "Another site asked for this",
                (
                    "cupola answers its own page only, so that no other site can read your runs or show them "
                    "in a frame. Open cupola in a tab of its own.",
                    "If your proxy shows cupola under another name, start cupola with that name:",
                ),
                "cupola LOGDIR --allow_host NAME",
            ),
            "zh-CN": Notice(
                "此请求来自另一个网站",
                (
                    "cupola 只响应自己的页面，以免其他网站读取您的运行或把它嵌入框架。"
                    "请在单独的标签页中打开 cupola。",
                    "如果您的代理以另一个名称提供 cupola，请用该名称启动：",
                ),
                "cupola LOGDIR --allow_host NAME",
            ),
        },
        headers,
        is_api,
    )


def no_token(given: int | None, wanted: int, had_cookie: bool, headers: Headers, is_api: bool) -> Response:
    """No token, or not the right one.

    Args:
        given: characters of the token in the address; None if there is none.
        wanted: characters that a whole token has, which is no secret.
        had_cookie: whether a cookie came that holds another token.
        headers: the request's.
        is_api: whether the API was asked.
    """
    why, why_zh = _why_no_token(given, wanted, had_cookie)
    answer = refusal(
        401,
        f"no token or a wrong one; open the address that cupola printed at its start: it holds one. {why}",
        {
            "en": Notice(
                "cupola asks for its token",
                (
                    why,
                    "Open the whole address that cupola printed when it started; it ends in ?token=… and "
                    "leaves a cookie, so that it is needed once.",
                    "For a token that stays the same when cupola is started again, so that bookmarks keep "
                    "working, start it with:",
                ),
                TOKEN_COMMAND,
            ),
            "zh-CN": Notice(
                "cupola 需要令牌",
                (
                    why_zh,
                    "请打开 cupola 启动时打印的完整地址（以 ?token=… 结尾）；"
                    "它会留下 Cookie，因此只需打开一次。",
                    "若要让令牌在重新启动后保持不变、书签继续可用，请这样启动：",
                ),
                TOKEN_COMMAND,
            ),
        },
        headers,
        is_api,
    )
    answer.headers["WWW-Authenticate"] = 'Bearer realm="cupola"'
    return answer


def _why_no_token(given: int | None, wanted: int, had_cookie: bool) -> tuple[str, str]:
    """In English and in Chinese."""
    if given is not None and given != wanted:
        return (
            f"The token in this address has {given} characters, a whole one has {wanted}: it was cut or "
            "changed.",
            f"此地址中的令牌有 {given} 个字符，完整的令牌有 {wanted} 个：它被截断或更改了。",
        )
    if given is not None:
        return (
            "The token in this address is of an earlier start, or of another cupola.",
            "此地址中的令牌属于以前的启动或另一个 cupola。",
        )
    if had_cookie:
        return (
            "Your browser holds the token of an earlier start; cupola has another one now.",
            "您的浏览器保存的是以前启动时的令牌；cupola 现在使用另一个令牌。",
        )
    return (
        "Other people can reach this cupola, so it asks for the token that it printed. Your browser sent "
        "none: it never had one, or its cookie has expired.",
        "其他人可以访问这个 cupola，因此它要求提供启动时打印的令牌。"
        "您的浏览器没有发送令牌：从未有过，或 Cookie 已过期。",
    )


def ended_notebook(headers: Headers) -> Response:
    """The token in the path is of a notebook's server that has ended."""
    return refusal(
        401,
        "the token in this path is of a server that has ended with its notebook's kernel, or it was cut; run "
        "the notebook's cell again",
        {
            "en": Notice(
                "This address has ended with its notebook",
                (
                    "Its token is of a cupola that ended with its notebook's kernel, or it was cut.",
                    "Run the notebook's cell again:",
                ),
                "%cupola --logdir LOGDIR",
            ),
            "zh-CN": Notice(
                "此地址已随笔记本失效",
                (
                    "地址中的令牌属于已随笔记本内核结束的 cupola，或已被截断。",
                    "请重新运行笔记本中的单元格：",
                ),
                "%cupola --logdir LOGDIR",
            ),
        },
        headers,
        is_api=False,
    )


def not_found(path: str, error: str, path_prefix: str, headers: Headers) -> Response:
    """Nothing lies at a path outside of the API."""
    home = f"{path_prefix}/"
    return refusal(
        404,
        error,
        {
            "en": Notice(
                "There is nothing at this address",
                (
                    f"cupola answers at {home}; this is {path[:200]}.",
                    "A proxy in front must pass on the path as it is, and cupola be started with the part "
                    "that stands before its own:",
                ),
                "cupola LOGDIR --path_prefix /PATH",
            ),
            "zh-CN": Notice(
                "此地址没有内容",
                (
                    f"cupola 位于 {home}；当前路径是 {path[:200]}。",
                    "如果经由代理，代理必须原样传递路径，并用其前缀启动 cupola：",
                ),
                "cupola LOGDIR --path_prefix /PATH",
            ),
        },
        headers,
        is_api=False,
    )
