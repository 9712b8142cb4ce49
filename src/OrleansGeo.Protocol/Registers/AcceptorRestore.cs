namespace OrleansGeo.Protocol.Registers;

/// <summary>What an acceptor that forgot must remember again before it may vote, from what the others hold.</summary>
/// <remarks>
/// <para>Only a decided value is taken, one that a majority accepted without the one that forgot: a vote for it says nothing new. Taking over what
/// fewer hold could decide a value that somebody's later prepare has made void.</para>
/// <para>What it promised and forgot, it promised as one of a majority. Any set of others that holds a majority among itself shares a member with that one, which
/// still knows the promise: the highest is at least as high.</para>
/// </remarks>
internal static class AcceptorRestore
{
    /// <param name="others">The states of the acceptors of other regions, each once.</param>
    /// <param name="agreeing">How many of them must hold a value: a majority of all regions. Of two regions the other one: without it nothing was decided.</param>
    /// <returns>Null: the others do not agree on a decided value, now.</returns>
    public static AcceptorState? From(IReadOnlyCollection<AcceptorState> others, int agreeing)
    {
        var decided = others.MaxBy(static state => state.Accepted);
        return decided is not null && others.Count(state => state.Accepted == decided.Accepted) >= agreeing
            ? decided with { Promised = others.Max(static state => state.Promised) }
            : null;
    }
}
