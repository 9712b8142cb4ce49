using System.Text.Json;
using System.Text.Json.Serialization;

namespace OrleansGeo.Api.Errors;

/// <summary>The body of every error (RFC 9457). Branch on <see cref="Code"/>; everything else is for people.</summary>
internal sealed record ProblemBody
{
    public required string Type { get; init; }

    public required string Title { get; init; }

    public required int Status { get; init; }

    /// <summary>What happened, where, and what to do.</summary>
    public required string Detail { get; init; }

    public required string Code { get; init; }

    /// <summary>The path of the request.</summary>
    public required string Instance { get; init; }

    /// <summary>Finds this request in traces and logs.</summary>
    public required string TraceId { get; init; }

    /// <summary>What only this code has, for instance <c>currentVersion</c> of <c>VersionConflict</c>.</summary>
    [JsonExtensionData]
    public IDictionary<string, JsonElement>? Extensions { get; init; }
}
