namespace OrleansGeo;

/// <summary>
/// What the running code belongs to, known by its asynchronous flow: the innermost session, and the turn of a geo grain inside which it runs. It goes
/// with the code wherever that is continued (after <c>ConfigureAwait(false)</c>, in <c>Task.Run</c>, in a timer that it started), and never into
/// another grain's request.
/// </summary>
internal class CallFlow(GeoSession? session, CallTurn? turn)
{
    private static readonly AsyncLocal<CallFlow?> Ambient = new();

    /// <summary>Whether something in this process takes notice of sessions: a silo or a client with <c>AddOrleansGeo</c>, or a grain under test.</summary>
    public static bool IsRouted { get; set; }

    /// <summary>Null outside of every session and turn, which is what most calls of a process find.</summary>
    public static CallFlow? Current
    {
        get => Ambient.Value;
        set => Ambient.Value = value;
    }

    public virtual GeoSession? Session => session;

    public CallTurn? Turn { get; } = turn;
}
