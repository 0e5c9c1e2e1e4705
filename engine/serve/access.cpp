// Host, Origin and token against what the server was started with.
#include "serve/access.h"

#include <arpa/inet.h>

#include <algorithm>

#include "support/text.h"

namespace advise::serve {
namespace {

// "[::1]:80" is "::1", "localhost:80" is "localhost".
std::string_view WithoutPort(std::string_view host) {
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    return end == std::string_view::npos ? std::string_view() : host.substr(1, end - 1);
  }
  const std::size_t colon = host.find(':');
  if (colon != std::string_view::npos && host.find(':', colon + 1) != std::string_view::npos) return host;  // bare IPv6
  return host.substr(0, colon);
}

bool IsAddress(const std::string& host) {
  unsigned char bytes[16];
  return inet_pton(AF_INET, host.c_str(), bytes) == 1 || inet_pton(AF_INET6, host.c_str(), bytes) == 1;
}

}  // namespace

bool IsLoopback(std::string_view address) {
  const std::string name = Lower(address);
  if (name == "localhost") return true;
  unsigned char bytes[16];
  if (inet_pton(AF_INET, name.c_str(), bytes) == 1) return bytes[0] == 127;
  constexpr unsigned char kOne[16] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
  return inet_pton(AF_INET6, name.c_str(), bytes) == 1 && std::equal(bytes, bytes + 16, kOne);
}

bool HostAllowed(std::string_view host, const std::vector<std::string>& names) {
  const std::string name = Lower(WithoutPort(host));
  if (name.empty()) return false;
  return name == "localhost" || IsAddress(name) ||
         std::ranges::any_of(names, [&](const std::string& own) { return Lower(own) == name; });
}

bool OriginAllowed(std::string_view origin, std::string_view fetch_site, std::string_view host) {
  if (!fetch_site.empty() && fetch_site != "same-origin" && fetch_site != "none") return false;
  if (origin.empty()) return true;
  for (const std::string_view scheme : {"http://", "https://"}) {
    if (origin.starts_with(scheme) && origin.substr(scheme.size()) == host) return true;
  }
  return false;
}

bool SameSecret(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const char other = b.empty() ? '\0' : b[i % b.size()];
    difference |= static_cast<unsigned>(a[i] != other);
  }
  return difference == 0;
}

bool TokenGiven(std::string_view token, std::string_view authorization, std::string_view cookie) {
  constexpr std::string_view kBearer = "Bearer ";
  if (authorization.starts_with(kBearer) && SameSecret(Trim(authorization.substr(kBearer.size())), token)) return true;
  while (!cookie.empty()) {
    const std::size_t end = std::min(cookie.find(';'), cookie.size());
    const std::string_view part = Trim(cookie.substr(0, end));
    const std::size_t equals = part.find('=');
    if (equals != std::string_view::npos && part.substr(0, equals) == kTokenCookie &&
        SameSecret(part.substr(equals + 1), token))
      return true;
    cookie.remove_prefix(std::min(end + 1, cookie.size()));
  }
  return false;
}

}  // namespace advise::serve
