using System.Collections.Concurrent;
using Orleans.Runtime;
using OrleansGeo.Protocol.Logs;
using OrleansGeo.Protocol.Topology;

namespace OrleansGeo.Tests.Api;

/// <summary>Stands where the router stands: sees the session of a call, may fail or hold it, and reports what came back.</summary>
internal sealed class FakeRouter(VersionedStorage storage) : IOutgoingGrainCallFilter
{
    public static readonly RegionId Home = new("westeurope");
    public static readonly RegionId Replica = new("eastus2");

    private readonly ConcurrentDictionary<GrainId, Exception> _faults = new();
    private readonly ConcurrentDictionary<GrainId, HeldCall> _held = new();
    private readonly ConcurrentDictionary<GrainId, GeoCallOptions> _seen = new();
    private readonly ConcurrentDictionary<GrainId, bool> _silent = new();

    /// <summary>Calls to this grain fail from now on.</summary>
    public void Fail(GrainId grain, Exception exception) => _faults[grain] = exception;

    /// <summary>The next call to this grain waits until it is released.</summary>
    public HeldCall Hold(GrainId grain) => _held.GetOrAdd(grain, static _ => new());

    /// <summary>Calls to this grain report nothing: as if it were no geo grain.</summary>
    public void Silence(GrainId grain) => _silent[grain] = true;

    /// <summary>The choices of the last call to this grain.</summary>
    public GeoCallOptions Seen(GrainId grain) => _seen[grain];

    public async Task Invoke(IOutgoingGrainCallContext context)
    {
        if (GeoSession.Current is not { } session)
        {
            await context.Invoke();
            return;
        }

        _seen[context.TargetId] = session.Options;
        if (_held.TryRemove(context.TargetId, out var held))
        {
            await held.Enter();
        }

        if (_faults.TryGetValue(context.TargetId, out var fault))
        {
            throw fault;
        }

        await context.Invoke();
        if (!_silent.ContainsKey(context.TargetId))
        {
            Report(context, session);
        }
    }

    private void Report(IOutgoingGrainCallContext context, GeoSession session)
    {
        var version = RecordVersion.TryParse(storage.VersionOf(context.TargetId), out var written) ? written : RecordVersion.None;
        var isLocalRead = context.MethodName is "Get" && session.Options.Consistency == ReadConsistency.Local;
        session.Report(new(Home, 7, isLocalRead ? Replica : Home, version, isLocalRead ? TimeSpan.FromMilliseconds(12.2) : TimeSpan.Zero));
    }
}
