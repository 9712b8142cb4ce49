using System.Collections.Immutable;
using Microsoft.IdentityModel.Tokens;

namespace OrleansGeo.Server.Auth;

/// <summary>The public keys in a JWKS file (RFC 7517).</summary>
internal static class SigningKeys
{
    /// <summary>The keys that can verify a token; or what is wrong with the file. A secret key in it is an error: whoever can read it could make tokens.</summary>
    public static string? TryRead(string file, out ImmutableArray<SecurityKey> keys)
    {
        keys = [];
        try
        {
            var set = new JsonWebKeySet(File.ReadAllText(file));
            if (set.Keys.Any(static key => key.Kty == JsonWebAlgorithmsKeyTypes.Octet || key.HasPrivateKey))
            {
                return $"'{file}' holds a secret key: it must hold public keys only.";
            }

            keys = [.. set.GetSigningKeys()];
            return keys.IsEmpty ? $"'{file}' holds no key that can verify a signature." : null;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return $"'{file}' cannot be read as a JWKS: {exception.Message}";
        }
    }
}
