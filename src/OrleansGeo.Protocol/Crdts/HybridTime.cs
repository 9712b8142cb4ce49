namespace OrleansGeo.Protocol.Crdts;

/// <summary>A hybrid logical time (Kulkarni et al., 2014): wall milliseconds since 1970, and a counter for what happened within one of them.</summary>
internal readonly record struct HybridTime(long Milliseconds, int Counter) : IComparable<HybridTime>
{
    public static HybridTime Zero => default;

    public static HybridTime Max(HybridTime left, HybridTime right) => left.CompareTo(right) >= 0 ? left : right;

    public int CompareTo(HybridTime other)
    {
        var byMilliseconds = Milliseconds.CompareTo(other.Milliseconds);
        return byMilliseconds != 0 ? byMilliseconds : Counter.CompareTo(other.Counter);
    }
}
