using System.Diagnostics;

namespace OrleansGeo.Runtime.Tracing;

/// <summary>
/// The spans of a call, from its router to what the other regions store of it. They are one trace, because the header of a call and a message to a replica say
/// where they belong.
/// </summary>
/// <remarks>While nobody listens, all of it is one look at a field; while a trace is not recorded, one more at the current activity.</remarks>
internal static class GeoTracing
{
    public const string SourceName = "OrleansGeo.Calls";

    private static readonly ActivitySource Source = new(SourceName);

    /// <summary>Whether what runs now is recorded.</summary>
    public static bool IsRecorded => Source.HasListeners() && Activity.Current is { Recorded: true };

    /// <summary>Where what is sent now belongs (W3C <c>traceparent</c>); null: it is not recorded.</summary>
    public static string? Here => Source.HasListeners() && Activity.Current is { Recorded: true } current ? current.Id : null;

    /// <summary>A span within what runs now; null: that is not recorded.</summary>
    public static Activity? Begin(string name, ActivityKind kind) => IsRecorded ? Source.StartActivity(name, kind) : null;

    /// <summary>A span within what somebody else sent; null: that is not recorded.</summary>
    public static Activity? Continue(string name, ActivityKind kind, string? sent) =>
        sent is not null && ActivityContext.TryParse(sent, null, isRemote: true, out var parent) ? Source.StartActivity(name, kind, parent) : null;
}
