namespace OrleansGeo.Abstractions.Sessions;

/// <summary>The ambient choices of a caller and what came back. Flows with the asynchronous call; dispose it to restore the one before.</summary>
/// <example><code>
/// using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Strong });
/// var view = await grains.GetGrain&lt;ICart&gt;("ada").View();
/// Console.WriteLine(session.Last?.Version);
/// </code></example>
public sealed class GeoSession : IDisposable
{
    private static readonly AsyncLocal<GeoSession?> Ambient = new();

    private readonly GeoSession? _outer;
    private int _calls;

    private GeoSession(GeoCallOptions options, GeoSession? outer)
    {
        Options = options;
        _outer = outer;
    }

    /// <summary>The innermost session of the calling code, if any.</summary>
    public static GeoSession? Current => Ambient.Value;

    public GeoCallOptions Options { get; }

    /// <summary>What came back with the answer received last; null before the first.</summary>
    public GeoCallResult? Last { get; private set; }

    public static GeoSession Begin(GeoCallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (options.Deadline is { } deadline && deadline <= TimeSpan.Zero)
        {
            throw new ArgumentException($"The deadline {deadline} has passed before the call: give a positive time.", nameof(options));
        }

        var session = new GeoSession(options, Ambient.Value);
        Ambient.Value = session;
        return session;
    }

    /// <summary>For the router: the number of this call within the session, from 0.</summary>
    public int NextCall() => Interlocked.Increment(ref _calls) - 1;

    /// <summary>For the router: what came back.</summary>
    public void Report(GeoCallResult result) => Last = result;

    public void Dispose()
    {
        if (ReferenceEquals(Ambient.Value, this))
        {
            Ambient.Value = _outer;
        }
    }
}
