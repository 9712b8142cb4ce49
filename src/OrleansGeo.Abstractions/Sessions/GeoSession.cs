using OrleansGeo.Protocol.Sessions;

namespace OrleansGeo;

/// <summary>The ambient choices of a caller and what came back. Flows with the asynchronous call; dispose it to restore the one before.</summary>
/// <example><code>
/// using var session = GeoSession.Begin(new() { Consistency = ReadConsistency.Session, SessionToken = token });
/// var view = await grains.GetGrain&lt;ICart&gt;("ada").View();
/// token = session.Token;
/// </code></example>
public sealed class GeoSession : IDisposable
{
    /// <summary>The longest token, in characters.</summary>
    public const int MaxTokenLength = SessionToken.MaxLength;

    private static readonly GeoCallOptions[] Nested = [.. Enum.GetValues<ReadConsistency>().Select(static consistency => new GeoCallOptions { Consistency = consistency })];

    private readonly CallFlow? _outer;
    private ISessionTokens? _tokens;
    private SessionFloors _seen;
    private int _calls;

    private GeoSession(GeoCallOptions options, SessionFloors seen, CallFlow? outer)
    {
        Options = options;
        _seen = seen;
        _outer = outer;
    }

    /// <summary>The innermost session of the calling code, if any.</summary>
    public static GeoSession? Current => CallFlow.Current?.Session;

    /// <summary>What it asks of its calls.</summary>
    public GeoCallOptions Options { get; }

    /// <summary>What came back with the answer received last; null before the first.</summary>
    public GeoCallResult? Last { get; private set; }

    /// <summary>What the session has seen so far, to go on with in any region. At most 1,024 characters, however many entities it touched. Null before the first call.</summary>
    public string? Token => _tokens?.Write(Seen);

    /// <summary>For the router: what the session has seen.</summary>
    internal SessionFloors Seen => Volatile.Read(ref _seen);

    /// <summary>Begins a session with every choice at its default: to learn what comes back with answers, and to go on from <see cref="Token"/>.</summary>
    /// <inheritdoc cref="Begin(GeoCallOptions)"/>
    public static GeoSession Begin() => Begin(new());

    /// <summary>Begins a session: the calls that the running code makes from here on, and what it starts, belong to it until it is disposed.</summary>
    /// <param name="options">What it asks of its calls.</param>
    /// <exception cref="ArgumentException">The deadline is not above zero, or above <see cref="GeoCallOptions.LongestDeadline"/>; or <see cref="GeoCallOptions.MaxStaleness"/> does not fit the consistency.</exception>
    /// <exception cref="InvalidOperationException">Nothing in this process takes notice of sessions: neither a silo nor a client was given <c>AddOrleansGeo</c>.</exception>
    public static GeoSession Begin(GeoCallOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        if (!CallFlow.IsRouted)
        {
            throw new InvalidOperationException(
                "This process has no OrleansGeo, so that its calls would ignore the session: no consistency, deadline or request key would reach a grain. Add it to the client, client.AddOrleansGeo(region, …), or to the silo, before the first session.");
        }

        if (options.Deadline is { } deadline && deadline <= TimeSpan.Zero)
        {
            throw new ArgumentException($"The deadline {deadline} has passed before the call: give a positive time.", nameof(options));
        }

        if (options.Deadline > GeoCallOptions.LongestDeadline)
        {
            throw new ArgumentException(
                $"The deadline {options.Deadline} is longer than {GeoCallOptions.LongestDeadline} ({nameof(GeoCallOptions.LongestDeadline)}): a call that was repeated for so long could outlast its home's memory of it, and take effect twice. Give a shorter one, and repeat the call with the same {nameof(GeoCallOptions.RequestKey)}.",
                nameof(options));
        }

        if ((options.Consistency == ReadConsistency.Bounded) != options.MaxStaleness.HasValue || options.MaxStaleness < TimeSpan.Zero)
        {
            throw new ArgumentException($"Bounded reads, and only those, need {nameof(GeoCallOptions.MaxStaleness)}: zero or more.", nameof(options));
        }

        return Enter(options, SessionFloors.Empty);
    }

    /// <summary>For the gate: while a method runs for a session, what it calls in turn belongs to that session. The gate makes it part of the flow.</summary>
    internal static GeoSession Nest(ReadConsistency consistency, SessionFloors seen) => new(Nested[(int)consistency], seen, CallFlow.Current);

    /// <summary>For the router: before the first call, what the token says.</summary>
    internal void Open(ISessionTokens tokens)
    {
        if (Volatile.Read(ref _tokens) is null)
        {
            if (Options.SessionToken is { } token)
            {
                // Of calls that begin together one sets it. None has seen anything yet.
                Interlocked.CompareExchange(ref _seen, tokens.Read(token), SessionFloors.Empty);
            }

            Volatile.Write(ref _tokens, tokens);
        }
    }

    /// <summary>For the router: the number of this call within the session, from 0.</summary>
    internal int NextCall() => Interlocked.Increment(ref _calls) - 1;

    /// <summary>For the router: what came back.</summary>
    internal void Report(GeoCallResult result) => Last = result;

    /// <summary>For the router: what an answer shows.</summary>
    /// <param name="seen">The newest entry of a shard that the answer is based on.</param>
    /// <param name="isChecked">The copy that answered shows what the session had seen of that shard before.</param>
    internal void Saw(SessionFloor seen, bool isChecked)
    {
        Change(seen, isChecked, static (before, seen, isChecked) => before.Raise(seen, isChecked));
    }

    /// <summary>For the router: what the calls of a method show.</summary>
    internal void Saw(SessionFloors seen, bool isChecked)
    {
        ArgumentNullException.ThrowIfNull(seen);
        Change(seen, isChecked, static (before, seen, isChecked) =>
        {
            foreach (var floor in seen.All.Reverse())
            {
                before = before.Raise(floor, isChecked);
            }

            return seen.HasForgotten ? before.WithForgotten() : before;
        });
    }

    /// <summary>For the router: what the session saw of a shard was lost; from here on it has seen this.</summary>
    internal void Lost(SessionFloor repaired)
    {
        Change(repaired, false, static (before, repaired, _) => before.Repair(repaired));
    }

    /// <summary>
    /// Completes when everything that the running request of a geo grain has written so far is durable as its type demands; at once outside of one. For effects
    /// that Orleans does not carry, such as a mail: calls to other grains and the answer wait by themselves. What the request wrote before is an entry of its own from then on.
    /// </summary>
    /// <exception cref="GeoException">It could not be made durable here. The request is repeated where it can be; let the exception pass.</exception>
    public static Task DurableAsync() => CallFlow.Current?.Turn?.DurableAsync() ?? Task.CompletedTask;

    /// <summary>
    /// Inside a writing request of a geo grain: an id that is the same in every repeat of the request, by its place among the ids that the request takes. Elsewhere: a new
    /// random one.
    /// </summary>
    public static Guid NewGuid() => CallFlow.Current?.Turn?.NewGuid() ?? Guid.NewGuid();

    /// <summary>
    /// Inside a writing request of a geo grain: when its caller made it, by the caller's clock, the same however often the call is attempted. Elsewhere: now.
    /// </summary>
    public static DateTimeOffset UtcNow => CallFlow.Current?.Turn?.UtcNow ?? TimeProvider.System.GetUtcNow();

    /// <summary>Ends the session; the one around it, if there is one, goes on.</summary>
    public void Dispose()
    {
        if (ReferenceEquals(CallFlow.Current?.Session, this))
        {
            CallFlow.Current = _outer;
        }
    }

    // Calls of one session may end on several threads.
    private void Change<T>(T news, bool isChecked, Func<SessionFloors, T, bool, SessionFloors> change)
    {
        SessionFloors before, after;
        do
        {
            before = Volatile.Read(ref _seen);
            after = change(before, news, isChecked);
        }
        while (!ReferenceEquals(before, after) && !ReferenceEquals(Interlocked.CompareExchange(ref _seen, after, before), before));
    }

    private static GeoSession Enter(GeoCallOptions options, SessionFloors seen)
    {
        var outer = CallFlow.Current;
        var session = new GeoSession(options, seen, outer);
        CallFlow.Current = new(session, outer?.Turn);
        return session;
    }
}
