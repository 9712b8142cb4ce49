using System.Security.Claims;

namespace OrleansGeo.Server.Auth;

/// <summary>The scopes of a caller: <c>scope</c> (RFC 8693, space-separated), <c>scp</c> and <c>roles</c> (Microsoft Entra, of users and of applications).</summary>
internal static class ScopeClaims
{
    public static IEnumerable<string> Of(ClaimsPrincipal caller) => caller.Claims
        .Where(static claim => claim.Type is "scope" or "scp" or "roles")
        .SelectMany(static claim => claim.Value.Split(' ', StringSplitOptions.RemoveEmptyEntries));

    public static bool Has(ClaimsPrincipal caller, string scope) => Of(caller).Contains(scope, StringComparer.Ordinal);
}
