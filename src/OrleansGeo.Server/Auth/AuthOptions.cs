namespace OrleansGeo.Server.Auth;

/// <summary>Whose bearer tokens (JWT) the web API takes. Either <see cref="Authority"/> or <see cref="KeysFile"/>.</summary>
internal sealed class AuthOptions
{
    /// <summary>The issuer, by OpenID Connect discovery: its keys are fetched, and again when they change. https, but on the loopback address.</summary>
    public Uri? Authority { get; set; }

    /// <summary>A file with the issuer's public keys (JWKS), read at the start: where there is no way to the issuer.</summary>
    public string? KeysFile { get; set; }

    /// <summary>What a token's <c>iss</c> must be. Required with <see cref="KeysFile"/>; else what the authority says.</summary>
    public string? Issuer { get; set; }

    /// <summary>What a token's <c>aud</c> must name. Required.</summary>
    public string? Audience { get; set; }

    /// <summary>By how much the issuer's clock may differ from this machine's. Not negative, at most 10 minutes.</summary>
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromMinutes(1);

    public bool IsConfigured => Authority is not null || KeysFile is not null;
}
