using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Authorization;
using Microsoft.IdentityModel.Tokens;

namespace OrleansGeo.Server.Auth;

/// <summary>Bearer tokens on the web API.</summary>
internal static class AuthServices
{
    // Those with a key pair: a public key that is taken for a shared secret would let everybody sign.
    private static readonly string[] Algorithms = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512"];

    public static void AddGeoAuth(this IServiceCollection services, AuthOptions options)
    {
        services.AddAuthentication(JwtBearerDefaults.AuthenticationScheme).AddJwtBearer(jwt =>
        {
            jwt.MapInboundClaims = false;
            jwt.TokenValidationParameters = new()
            {
                ValidAudience = options.Audience,
                ValidIssuer = options.Issuer,
                ValidAlgorithms = Algorithms,
                ClockSkew = options.ClockSkew,
                NameClaimType = "sub",
            };
            if (options.KeysFile is { } file)
            {
                _ = SigningKeys.TryRead(file, out var keys);
                jwt.TokenValidationParameters.IssuerSigningKeys = keys;
            }
            else
            {
                jwt.Authority = options.Authority!.ToString();
                jwt.RequireHttpsMetadata = !options.Authority.IsLoopback;
            }
        });

        var authorization = services.AddAuthorizationBuilder()
            .SetFallbackPolicy(new AuthorizationPolicyBuilder().RequireAuthenticatedUser().Build());
        foreach (var scope in Scopes.All)
        {
            authorization.AddPolicy(scope, policy => policy.RequireAuthenticatedUser().RequireAssertion(context => ScopeClaims.Has(context.User, scope)));
        }

        services.AddSingleton<IAuthorizationMiddlewareResultHandler, AuthorizationAnswers>();
    }
}
