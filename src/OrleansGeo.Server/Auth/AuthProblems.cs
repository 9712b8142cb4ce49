namespace OrleansGeo.Server.Auth;

/// <summary>What is wrong with <see cref="AuthOptions"/>.</summary>
internal static class AuthProblems
{
    public static IEnumerable<string> Of(AuthOptions auth)
    {
        if (auth.Authority is not null && auth.KeysFile is not null)
        {
            yield return "Geo:Auth: give either Authority or KeysFile.";
        }

        if (!auth.IsConfigured && (auth.Audience is not null || auth.Issuer is not null))
        {
            yield return "Geo:Auth: give Authority (or KeysFile), too: with neither, the web API would be open.";
        }

        if (auth.IsConfigured && auth.Audience is null)
        {
            yield return "Geo:Auth:Audience: give what the tokens for this API name; else any token of the issuer would do.";
        }

        if (auth.Authority is { } authority && authority.Scheme != Uri.UriSchemeHttps && !authority.IsLoopback)
        {
            yield return $"Geo:Auth:Authority: '{authority}': use https.";
        }

        if (auth.KeysFile is { } file)
        {
            if (auth.Issuer is null)
            {
                yield return "Geo:Auth:Issuer: give the issuer of the keys in KeysFile.";
            }

            if (SigningKeys.TryRead(file, out _) is { } problem)
            {
                yield return $"Geo:Auth:KeysFile: {problem}";
            }
        }

        if (auth.ClockSkew < TimeSpan.Zero || auth.ClockSkew > TimeSpan.FromMinutes(10))
        {
            yield return $"Geo:Auth:ClockSkew: {auth.ClockSkew}: use 0 to 10 minutes.";
        }
    }
}
