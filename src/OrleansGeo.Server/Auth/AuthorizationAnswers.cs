using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Authorization.Policy;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.Server.Auth;

/// <summary>401 and 403 as problems, which name the scope that is missing.</summary>
internal sealed class AuthorizationAnswers : IAuthorizationMiddlewareResultHandler
{
    public async Task HandleAsync(RequestDelegate next, HttpContext context, AuthorizationPolicy policy, PolicyAuthorizationResult authorizeResult)
    {
        if (authorizeResult.Succeeded)
        {
            await next(context);
            return;
        }

        var scope = context.GetEndpoint()?.Metadata.GetMetadata<AuthorizeAttribute>()?.Policy;
        if (authorizeResult.Forbidden)
        {
            var has = string.Join(' ', ScopeClaims.Of(context.User));
            await new Problem(ProblemKinds.Forbidden, $"The token allows '{has}': this request needs the scope {scope}.").ExecuteAsync(context);
            return;
        }

        // The scheme writes WWW-Authenticate, and into it what is wrong with a token that it did not take.
        await context.ChallengeAsync();
        await new Problem(ProblemKinds.Unauthorized, $"Send a valid bearer token{(scope is null ? "" : $" with the scope {scope}")}; the header WWW-Authenticate says what was wrong with this one.")
            .ExecuteAsync(context);
    }
}
