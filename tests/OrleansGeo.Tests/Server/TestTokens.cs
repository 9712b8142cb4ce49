using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace OrleansGeo.Tests.Server;

/// <summary>An issuer of bearer tokens, whose public key a server has in a file.</summary>
internal sealed class TestTokens : IDisposable
{
    public const string Issuer = "https://issuer.test";
    public const string Audience = "orleansgeo";

    private readonly ECDsa _key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public void WriteKeys(string file)
    {
        var key = JsonWebKeyConverter.ConvertFromECDsaSecurityKey(new ECDsaSecurityKey(_key) { KeyId = "1" });
        File.WriteAllText(file, JsonSerializer.Serialize(new { keys = new[] { new { kty = key.Kty, crv = key.Crv, x = key.X, y = key.Y, kid = key.Kid, use = "sig" } } }));
    }

    /// <param name="subject">Who it is of; empty: it does not say.</param>
    /// <param name="scope">What it allows.</param>
    /// <param name="audience">Whom it is for.</param>
    /// <param name="from">When it begins, from now, in seconds.</param>
    /// <param name="until">When it ends.</param>
    /// <param name="client">Through what it was asked for; null: it does not say.</param>
    public string Make(string subject, string scope, string audience = Audience, int from = -5, int until = 300, string? client = null)
    {
        var claims = new Dictionary<string, object> { ["scope"] = scope };
        if (subject.Length > 0)
        {
            claims["sub"] = subject;
        }

        if (client is not null)
        {
            claims["azp"] = client;
        }

        var now = TimeProvider.System.GetUtcNow().UtcDateTime;
        return new JsonWebTokenHandler { SetDefaultTimesOnTokenCreation = false }.CreateToken(new SecurityTokenDescriptor
        {
            Issuer = Issuer,
            Audience = audience,
            Claims = claims,
            NotBefore = now.AddSeconds(from),
            Expires = now.AddSeconds(until),
            SigningCredentials = new(new ECDsaSecurityKey(_key) { KeyId = "1" }, SecurityAlgorithms.EcdsaSha256),
        });
    }

    public void Dispose() => _key.Dispose();
}
