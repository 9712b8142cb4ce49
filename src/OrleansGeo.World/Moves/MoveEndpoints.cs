using System.Text.Json;
using OrleansGeo.Api.Errors;

namespace OrleansGeo.World.Moves;

/// <summary><c>/dev/moves</c>: at which step of a move this region's process kills itself. Only a development world has it, never the server.</summary>
internal static class MoveEndpoints
{
    public static void MapMoves(this IEndpointRouteBuilder app, MoveKill kill)
    {
        app.MapGet("/dev/moves", () => Results.Ok(kill.View)).WithTags("Development").WithSummary("At which step of a move this region's process kills itself.");
        app.MapPost("/dev/moves", async Task<IResult> (HttpRequest request) =>
        {
            var (view, error) = await ReadAsync(request);
            if (view is null)
            {
                return new Problem(ProblemKinds.InvalidDocument, error!);
            }

            kill.View = view;
            return Results.Ok(view);
        }).WithTags("Development").WithSummary("Have this region's process kill itself when the next move has come to a step here; null: at none.");
    }

    private static async Task<(MoveKillView? View, string? Error)> ReadAsync(HttpRequest request)
    {
        try
        {
            using var json = await JsonDocument.ParseAsync(request.Body, cancellationToken: request.HttpContext.RequestAborted);
            return MoveKillView.Read(json.RootElement);
        }
        catch (JsonException exception)
        {
            return (null, $"The body is not JSON: {exception.Message}");
        }
    }
}
