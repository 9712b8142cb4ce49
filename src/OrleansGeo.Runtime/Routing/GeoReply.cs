using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Routing;

/// <summary>A gate's reply: the answer and what comes with it.</summary>
/// <remarks>
/// It is the response itself, and immutable once the gate lets it go, because Orleans copies every response twice on its way to a caller
/// in the same silo. The gate copies the answer once, while the activation cannot change it.
/// </remarks>
[GenerateSerializer, Immutable, SuppressReferenceTracking, Alias("orleansgeo.reply`1")]
internal sealed class GeoReply<T> : Response
{
    [Id(0)]
    public T? Value { get; set; }

    // A byte, because the serializer reaches an enum's codec by a virtual generic call.
    [Id(1)]
    private byte _kind;

    public ReplyKind Kind
    {
        get => (ReplyKind)_kind;
        set => _kind = (byte)value;
    }

    /// <summary>Index of the region that answered, in the world's order.</summary>
    [Id(2)]
    public byte ServedBy { get; set; }

    /// <summary>Index of the home, as the region that answered knows it.</summary>
    [Id(3)]
    public byte Home { get; set; }

    [Id(4)]
    public long Epoch { get; set; }

    [Id(5)]
    public long VersionEpoch { get; set; }

    [Id(6)]
    public long VersionPosition { get; set; }

    /// <summary>Milliseconds; negative: not known.</summary>
    [Id(7)]
    public int StalenessMs { get; set; }

    /// <summary>What the user's method threw.</summary>
    [Id(8)]
    public Exception? Thrown { get; set; }

    [Id(9)]
    public GeoError? Error { get; set; }

    /// <summary>For a caller with a session: what the calls that the method made saw; null: nothing.</summary>
    [Id(10)]
    public byte[]? Seen { get; set; }

    /// <summary>The shard that answered, by its index; of <see cref="ReplyKind.Moved"/>, the shard to ask.</summary>
    [Id(11)]
    public int Shard { get; set; }

    /// <summary>How often the entity was moved to get there.</summary>
    [Id(12)]
    public long Generation { get; set; }

    /// <summary>Of a repeated request to an entity that was moved since it ran: what it left then. Null: the version of the reply.</summary>
    [Id(13)]
    public LeftVersion? Left { get; set; }

    /// <summary>The caller's runtime asks an untyped response for this, and takes it for the answer.</summary>
    public override object? Result
    {
        get => this;
        set => throw new NotSupportedException("A reply is not changed after the gate let it go.");
    }

    public override Exception? Exception
    {
        get => null;
        set => throw new NotSupportedException("A reply is not changed after the gate let it go.");
    }

    public override TResult GetResult<TResult>() => (TResult)(object)this;

    public override void Dispose()
    {
    }

    // Orleans' own describes a response by its result, which is this very object: without an end.
    public override string ToString() => $"{Kind} of {typeof(T).Name} from region {ServedBy}, version {VersionEpoch}.{VersionPosition}";
}
