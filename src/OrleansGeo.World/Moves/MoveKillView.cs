using System.Text.Json;
using OrleansGeo.Runtime.Shards.Moves;

namespace OrleansGeo.World.Moves;

/// <summary>Where this region's process ends, as <c>/dev/moves</c> shows it and takes it.</summary>
/// <param name="KillAt">A <see cref="MoveStep"/>; null: nowhere.</param>
internal sealed record MoveKillView(string? KillAt)
{
    /// <returns>What was posted, or null and what is wrong.</returns>
    public static (MoveKillView? View, string? Error) Read(JsonElement json)
    {
        var steps = Enum.GetNames<MoveStep>();
        return json.ValueKind == JsonValueKind.Object && json.EnumerateObject().All(static field => field.Name == "killAt") && json.TryGetProperty("killAt", out var at)
            && (at.ValueKind == JsonValueKind.Null || (at.ValueKind == JsonValueKind.String && steps.Contains(at.GetString())))
            ? (new(at.GetString()), null)
            : (null, $$"""The body must be {"killAt":"STEP"} with {{string.Join(", ", steps)}} for STEP, or {"killAt":null}.""");
    }
}
