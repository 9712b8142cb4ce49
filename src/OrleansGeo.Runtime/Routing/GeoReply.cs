using OrleansGeo.Abstractions.Errors;

namespace OrleansGeo.Runtime.Routing;

/// <summary>A gate's reply: the answer and what comes with it.</summary>
[GenerateSerializer, Alias("orleansgeo.reply`1")]
internal struct GeoReply<T>
{
    [Id(0)]
    public T? Value;

    [Id(1)]
    public ReplyKind Kind;

    /// <summary>Index of the region that answered, in the world's order.</summary>
    [Id(2)]
    public byte ServedBy;

    /// <summary>Index of the home, as the region that answered knows it.</summary>
    [Id(3)]
    public byte Home;

    [Id(4)]
    public long Epoch;

    [Id(5)]
    public long VersionEpoch;

    [Id(6)]
    public long VersionPosition;

    /// <summary>Milliseconds; negative: not known.</summary>
    [Id(7)]
    public int StalenessMs;

    /// <summary>What the user's method threw.</summary>
    [Id(8)]
    public Exception? Thrown;

    [Id(9)]
    public GeoError? Error;
}
