using System.Reflection;
using Orleans.CodeGeneration;
using Orleans.Serialization.Invocation;
using OrleansGeo.Protocol.Logs;

namespace OrleansGeo.Runtime.Routing;

/// <summary>A caller's request with the router's header around it. Where it arrives, invoking it means passing the activation's gate.</summary>
/// <typeparam name="T">What the method answers; <see cref="NoResult"/> when nothing.</typeparam>
[GenerateSerializer, Alias("orleansgeo.call`1")]
internal sealed class GeoCall<T> : RequestBase, IGeoCall
{
    [NonSerialized]
    private ICallGate? _gate;

    [Id(0)]
    public IInvokable Inner { get; set; } = null!;

    // A byte, because the serializer reaches an enum's codec by a virtual generic call.
    [Id(1)]
    private byte _flags;

    [Id(2)]
    public ulong RequestHigh { get; set; }

    [Id(3)]
    public ulong RequestLow { get; set; }

    /// <summary>Hash of method and arguments when the caller chose the request id; otherwise 0.</summary>
    [Id(4)]
    public ulong Fingerprint { get; set; }

    [Id(5)]
    public long TopologyVersion { get; set; }

    /// <summary>What is left of the caller's deadline, in milliseconds.</summary>
    [Id(6)]
    public int RemainingMs { get; set; }

    /// <summary>Null when the caller has none.</summary>
    [Id(7)]
    public CallSession? Session { get; set; }

    /// <summary>The shard that the caller takes the entity to be in, by its index.</summary>
    [Id(8)]
    public int Shard { get; set; }

    /// <summary>How often the entity was moved to get there, as far as the caller knows.</summary>
    [Id(9)]
    public long Generation { get; set; }

    /// <summary>The region that the caller is in, by its index.</summary>
    [Id(10)]
    public byte Origin { get; set; }

    /// <summary>To which trace the call belongs; null: it is not recorded.</summary>
    [Id(11)]
    public string? Trace { get; set; }

    /// <summary>When its caller made it, by the caller's clock: UTC ticks, the same for all attempts.</summary>
    [Id(12)]
    public long Made { get; set; }

    /// <summary>The turns that wait for it; null: none.</summary>
    [Id(13)]
    public Lineage? Lineage { get; set; }

    /// <summary>The grain that makes it, for filters; null when the caller's process has none.</summary>
    [Id(14)]
    public GrainId? Source { get; set; }

    public GeoCallFlags Flags
    {
        get => (GeoCallFlags)_flags;
        set => _flags = (byte)value;
    }

    public RequestId Request => new(RequestHigh, RequestLow);

    public void Identify(CallId id) => (RequestHigh, RequestLow, Fingerprint) = (id.Request.High, id.Request.Low, id.Fingerprint);

    public override ValueTask<Response> Invoke() => _gate!.InvokeAsync(this);

    public override void SetTarget(ITargetHolder holder)
    {
        _gate = (ICallGate?)holder.GetComponent(typeof(ICallGate))
            ?? throw new InvalidOperationException($"{Inner.GetInterfaceName()} is not a geo grain in this silo, but its caller takes it for one: deploy the same grain classes to every region.");
    }

    // The author's object becomes the target inside the gate. At the caller there is none, and Orleans asks there, too, when it describes a request that timed out.
    public override object GetTarget() => _gate?.Instance!;

    public override int GetArgumentCount() => Inner.GetArgumentCount();

    public override object GetArgument(int index) => Inner.GetArgument(index)!;

    public override void SetArgument(int index, object value) => Inner.SetArgument(index, value);

    public override string GetMethodName() => Inner.GetMethodName();

    public override string GetInterfaceName() => Inner.GetInterfaceName();

    public override string GetActivityName() => Inner.GetActivityName();

    public override Type GetInterfaceType() => Inner.GetInterfaceType();

    public override MethodInfo GetMethod() => Inner.GetMethod();

    public override TimeSpan? GetDefaultResponseTimeout() => TimeSpan.FromMilliseconds(RemainingMs);

    public override CancellationToken GetCancellationToken() => Inner.GetCancellationToken();

    public override bool TryCancel() => Inner.TryCancel();

    public override bool IsCancellable => Inner.IsCancellable;

    // The router may send the caller's request again: whoever received this one must not clear its arguments.
    public override void Dispose()
    {
    }
}
