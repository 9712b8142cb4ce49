using System.Text.Json;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.World.Wan;

/// <summary><c>/dev/wan</c>: shows and changes this region's outgoing half links. Only a development world has it, never the server.</summary>
internal static class WanEndpoints
{
    public static void MapWan(this IEndpointRouteBuilder app, string self, IWanRules rules)
    {
        // One change at a time: a change is read, merged and set.
        var changing = new Lock();
        app.MapGet("/dev/wan", () => Results.Ok(rules.Get())).WithTags("Development").WithSummary("This region's outgoing half links.");
        app.MapPost("/dev/wan", async Task<IResult> (HttpRequest request) =>
        {
            var (change, error) = await ReadAsync(request, self, [.. rules.Get().Select(static rule => rule.To)]);
            if (change is null)
            {
                return new Problem(ProblemKinds.InvalidDocument, error!);
            }

            lock (changing)
            {
                var changed = change.ApplyTo(rules.Get().Single(rule => rule.To == change.To));
                rules.Set(changed);
                return Results.Ok(changed);
            }
        }).WithTags("Development").WithSummary("Change the delay, the loss or the cut of one outgoing half link; absent fields keep their value.");
    }

    private static async Task<(WanChange? Change, string? Error)> ReadAsync(HttpRequest request, string self, IReadOnlyCollection<string> peers)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return WanChange.Read(json.RootElement, self, peers);
        }
        catch (JsonException exception)
        {
            return (null, $"The body is not JSON: {exception.Message}");
        }
    }
}
