namespace OrleansGeo.Runtime.Routing;

/// <summary>The flow of a method that runs for its caller's session: what the method calls belongs to that session. Most methods call nothing, so it is made when it is first asked for.</summary>
internal sealed class NestedFlow(CallSession caller, CallTurn turn) : CallFlow(null, turn)
{
    private GeoSession? _session;

    public override GeoSession? Session => Made ?? Interlocked.CompareExchange(ref _session, SessionCalls.Nest(caller), null) ?? _session;

    /// <summary>The session, if something asked for it; null: the method has called nothing.</summary>
    public GeoSession? Made => Volatile.Read(ref _session);

    /// <summary>The flow of a method that its turn runs.</summary>
    /// <param name="caller">The caller's session; null: it has none.</param>
    /// <param name="turn">The method's turn.</param>
    public static CallFlow Of(CallSession? caller, CallTurn turn) => caller is null ? new CallFlow(null, turn) : new NestedFlow(caller, turn);
}
