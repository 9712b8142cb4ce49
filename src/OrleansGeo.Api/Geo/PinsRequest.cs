using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using OrleansGeo.Api.Errors;
using OrleansGeo.Operations;

namespace OrleansGeo.Api.Geo;

/// <summary>Lists pins.</summary>
internal static class PinsRequest
{
    private const int DefaultCount = 100;
    private const int MaxCount = 1000;

    public static async Task<IResult> GetAsync(string? after, string? count, [FromServices] IGeoAdmin admin, IGeoWorld world, CancellationToken cancellationToken)
    {
        if (!int.TryParse(count ?? $"{DefaultCount}", out var size) || size is < 1 or > MaxCount)
        {
            return new Problem(ProblemKinds.InvalidRequest, $"'count' is '{count}': it must be a number from 1 to {MaxCount}.");
        }

        GrainId? last = null;
        if (after is not null)
        {
            if (!GrainId.TryParse(after, out var entity) || world.Locate(entity) is null)
            {
                return new Problem(ProblemKinds.InvalidRequest, "'after' is not what a page had as 'next'.");
            }

            last = entity;
        }

        var page = await admin.GetPinsAsync(last, size, cancellationToken);
        return TypedResults.Ok(new PinsView(
            [.. page.Pins.Select(static pin => new PinView(pin.Entity.ToString(), pin.Region.Name, pin.Shard.Name, pin.Home.Region.Name, pin.Moves, pin.IsFollowing))], page.Next?.ToString()));
    }
}
