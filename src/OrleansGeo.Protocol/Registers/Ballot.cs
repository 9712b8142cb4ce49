using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Protocol.Registers;

/// <summary>Orders the attempts to write a register. Unique: a process never uses a counter twice, and <paramref name="Boot"/> tells it from every other run of its region.</summary>
/// <param name="Counter">Rises with every attempt, above every counter that its proposer has seen.</param>
/// <param name="Region">Who proposes.</param>
/// <param name="Boot">
/// Which run of that region, so that a restarted one never uses a ballot again that it no longer remembers. The second of two safeguards: an acceptor
/// refuses to prepare a ballot that it promised already, and either alone suffices.
/// </param>
public readonly record struct Ballot(long Counter, RegionId Region, long Boot) : IComparable<Ballot>
{
    /// <summary>Below every ballot that is proposed.</summary>
    public static Ballot None => default;

    /// <summary>By counter, then by region, then by boot.</summary>
    public int CompareTo(Ballot other)
    {
        var byCounter = Counter.CompareTo(other.Counter);
        var byRegion = byCounter != 0 ? byCounter : Region.CompareTo(other.Region);
        return byRegion != 0 ? byRegion : Boot.CompareTo(other.Boot);
    }

    /// <summary>Whether <paramref name="left"/> is below <paramref name="right"/>, by <see cref="CompareTo"/>.</summary>
    public static bool operator <(Ballot left, Ballot right) => left.CompareTo(right) < 0;

    /// <summary>Whether <paramref name="left"/> is above <paramref name="right"/>, by <see cref="CompareTo"/>.</summary>
    public static bool operator >(Ballot left, Ballot right) => left.CompareTo(right) > 0;

    /// <summary>Whether <paramref name="left"/> is below <paramref name="right"/>, by <see cref="CompareTo"/>, or equal to it.</summary>
    public static bool operator <=(Ballot left, Ballot right) => left.CompareTo(right) <= 0;

    /// <summary>Whether <paramref name="left"/> is above <paramref name="right"/>, by <see cref="CompareTo"/>, or equal to it.</summary>
    public static bool operator >=(Ballot left, Ballot right) => left.CompareTo(right) >= 0;

    /// <summary><c>counter.region</c> for messages, without the boot; <c>none</c> for the counter 0.</summary>
    public override string ToString() => Counter == 0 ? "none" : $"{Counter}.{Region}";
}
