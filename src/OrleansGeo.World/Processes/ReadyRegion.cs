using System.Text.Json.Serialization;

namespace OrleansGeo.World.Processes;

/// <summary>One region of a ready file.</summary>
internal sealed record ReadyRegion(
    [property: JsonPropertyName("region"), JsonRequired] string Region,
    [property: JsonPropertyName("pid"), JsonRequired] int ProcessId,
    [property: JsonPropertyName("url"), JsonRequired] string Url);
