// Who may ask the server what. A page of another site must neither reach it under a name of its own (DNS rebinding) nor
// send it requests (forged ones), and beyond this machine a token is asked for. Pure functions over header values.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace advise::serve {

// 127.0.0.0/8, ::1, localhost.
bool IsLoopback(std::string_view address);

// Whether a `Host` header names this server: a loopback name, an IP address, or one of `names`; any port. Names that
// somebody else's DNS can point here are none of these.
bool HostAllowed(std::string_view host, const std::vector<std::string>& names);

// Whether a request that changes something comes from this server's own page, or from no page at all. Empty headers:
// the client sent none.
bool OriginAllowed(std::string_view origin, std::string_view fetch_site, std::string_view host);

// Whether the headers carry the token: `Authorization: Bearer TOKEN`, or the cookie that the page sets.
bool TokenGiven(std::string_view token, std::string_view authorization, std::string_view cookie);
// Equal, in a time that does not depend on where they differ.
bool SameSecret(std::string_view a, std::string_view b);

inline constexpr std::string_view kTokenCookie = "advise_token";

}  // namespace advise::serve
