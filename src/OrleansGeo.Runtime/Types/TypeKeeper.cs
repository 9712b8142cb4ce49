using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Types;
using OrleansGeo.Runtime.Configuration;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Loops;
using OrleansGeo.Runtime.Topology;
using OrleansGeo.Storage;

namespace OrleansGeo.Runtime.Types;

/// <summary>
/// Has this silo's grain types recorded in the world, and keeps a silo that declares one otherwise from serving: it does not start, or, if it started while no
/// majority of regions answered, it stops.
/// </summary>
/// <remarks>
/// Three moments. Before the silo joins its cluster, what the region's own store knows to be decided is compared. Once the silo is active, what is not known there
/// is asked of, and added to, the world's register; until then it is not served. The host's start waits for that a moment, so that a contradiction fails it.
/// What is not in the register either may yet have entities, of silos that never recorded: it is added only if no other silo declares it otherwise.
/// </remarks>
internal sealed partial class TypeKeeper : ILifecycleParticipant<ISiloLifecycle>, IHostedService, IDisposable
{
    /// <summary>How long a start waits for a majority of regions. Not longer: regions of a new world may be started one after the other.</summary>
    private static readonly TimeSpan StartBound = TimeSpan.FromSeconds(2);

    private readonly IClusterManifestProvider _manifest;
    private readonly TypeStandings _standings;
    private readonly KnownTypes _known;
    private readonly TypesRegister _register;
    private readonly DeclaredElsewhere _elsewhere;
    private readonly GeoOptions _options;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger _logger;
    private readonly BackgroundLoop _recording;
    private ImmutableArray<TypeChoices> _declared = [];
    private volatile bool _isRecording;
    private volatile GeoError? _problem;
    private volatile bool _hasStarted;

    public TypeKeeper(
        IClusterManifestProvider manifest,
        DeclaredElsewhere elsewhere,
        TypeStandings standings,
        IRegionStore store,
        IRegionLinks links,
        IGrainFactory grains,
        CurrentTopology topology,
        LeaseClock clock,
        TimeProvider time,
        BackgroundLoops loops,
        IOptions<GeoOptions> options,
        IHostApplicationLifetime lifetime,
        ILogger<TypeKeeper> logger)
    {
        (_manifest, _elsewhere, _standings, _options, _time, _lifetime, _logger) = (manifest, elsewhere, standings, options.Value, time, lifetime, logger);
        _known = new(store);
        _register = new(links, _options.Self, topology.Value.Map, clock, async message =>
            (await grains.GetGrain<IControlGrain>(0).Take(RegisterNames.Types, RegisterMessageWire.From(message))).ToReply());
        _recording = loops.Create(
            new()
            {
                Name = "record of grain types",
                Effect = $"{_options.Region} does not serve, on this silo, the grain types that it does not know to be recorded",
                FirstPause = TimeSpan.FromSeconds(1),
            },
            RecordAsync,
            logger);
    }

    public void Participate(ISiloLifecycle lifecycle)
    {
        // One stage after the store was opened, and before the silo joins its cluster.
        lifecycle.Subscribe(nameof(TypeKeeper), ServiceLifecycleStage.RuntimeStorageServices + 1, CompareAsync);
        lifecycle.Subscribe(nameof(TypeKeeper), ServiceLifecycleStage.Active, Begin, EndAsync);
    }

    /// <summary>The silo is active, and the links are being made.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (_isRecording)
        {
            await Task.WhenAny(_recording.Completion, Task.Delay(StartBound, _time, cancellationToken));
        }

        _hasStarted = true;
        if (_problem is { } problem)
        {
            throw problem.ToException();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _recording.Dispose();

    private async Task CompareAsync(CancellationToken cancellationToken)
    {
        _declared = DeclaredTypes.Of(_manifest.LocalGrainManifest);
        var known = await _known.ReadAsync(cancellationToken);
        if (known.Contradictions(_declared) is { IsEmpty: false } contradictions)
        {
            throw TypeProblems.Describe(_options.Region, contradictions).ToException();
        }

        _standings.Serve(_declared.Where(known.Has));
    }

    private Task Begin(CancellationToken cancellationToken)
    {
        if (_declared.Any(choices => !_standings.IsServed(GrainType.Create(choices.Type))))
        {
            _isRecording = true;
            _recording.Start();
        }

        return Task.CompletedTask;
    }

    private Task EndAsync(CancellationToken cancellationToken) => _recording.StopAsync(cancellationToken);

    /// <summary>Records what is not recorded, until that is done. Whatever fails is done again from the beginning, which changes nothing that was done.</summary>
    private async ValueTask<LoopNext> RecordAsync(CancellationToken stop)
    {
        var decided = await _register.RecordAsync([], stop);
        if (decided.Record(_declared) is { } added)
        {
            var unrecorded = added.All.Where(choices => !decided.Has(choices)).ToList();
            var disagreements = await _elsewhere.ContradictionsAsync(unrecorded, stop);
            if (disagreements.Length > 0)
            {
                Refuse(disagreements, TypeProblems.DescribeDisagreement(_options.Region, disagreements));
                return LoopNext.End;
            }

            decided = await _register.RecordAsync(_declared, stop);
        }

        if (decided.Contradictions(_declared) is { IsEmpty: false } contradictions)
        {
            Refuse(contradictions, TypeProblems.Describe(_options.Region, contradictions));
            return LoopNext.End;
        }

        _standings.Serve(_declared);
        await _known.NoteAsync(_options.Self, decided, stop);
        return LoopNext.End;
    }

    private void Refuse(IEnumerable<TypeContradiction> contradictions, GeoError problem)
    {
        foreach (var contradiction in contradictions)
        {
            _standings.Refuse(contradiction.Declared.Type, problem);
        }

        _problem = problem;
        if (_hasStarted)
        {
            LogStops(_logger, problem.Message);
            _lifetime.StopApplication();
        }
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "This silo stops, which started while no majority of regions answered. {Problem}")]
    private static partial void LogStops(ILogger logger, string problem);
}
