using System.Collections.Immutable;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Metadata;
using OrleansGeo.Abstractions.Errors;
using OrleansGeo.Protocol.Control;
using OrleansGeo.Protocol.Registers;
using OrleansGeo.Protocol.Types;
using OrleansGeo.Runtime.Failover;
using OrleansGeo.Runtime.Hosting;
using OrleansGeo.Runtime.Links;
using OrleansGeo.Runtime.Storage;
using OrleansGeo.Runtime.World;

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
    private static readonly TimeSpan RetryAfter = TimeSpan.FromSeconds(1);

    private readonly IClusterManifestProvider _manifest;
    private readonly TypeStandings _standings;
    private readonly KnownTypes _known;
    private readonly TypesRegister _register;
    private readonly DeclaredElsewhere _elsewhere;
    private readonly GeoOptions _options;
    private readonly TimeProvider _time;
    private readonly IHostApplicationLifetime _lifetime;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private ImmutableArray<TypeChoices> _declared = [];
    private Task _recording = Task.CompletedTask;
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
        IOptions<GeoOptions> options,
        IHostApplicationLifetime lifetime,
        ILogger<TypeKeeper> logger)
    {
        (_manifest, _elsewhere, _standings, _options, _time, _lifetime, _logger) = (manifest, elsewhere, standings, options.Value, time, lifetime, logger);
        _known = new(store);
        _register = new(links, _options.Self, topology.Value.Map, clock, async message =>
            (await grains.GetGrain<IControlGrain>(0).Take(RegisterNames.Types, RegisterMessageWire.From(message))).ToReply());
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
        await Task.WhenAny(_recording, Task.Delay(StartBound, _time, cancellationToken));
        _hasStarted = true;
        if (_problem is { } problem)
        {
            throw problem.ToException();
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _stopping.Dispose();

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
            _recording = Task.Run(RecordAsync, CancellationToken.None);
        }

        return Task.CompletedTask;
    }

    private async Task EndAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _recording;
    }

    private async Task RecordAsync()
    {
        if (await UntilAsync(() => _register.RecordAsync([], _stopping.Token)) is not { } decided)
        {
            return;
        }

        if (decided.Record(_declared) is { } added)
        {
            var unrecorded = added.All.Where(choices => !decided.Has(choices)).ToList();
            if (await UntilAsync(() => _elsewhere.ContradictionsAsync(unrecorded, _stopping.Token)) is not { } disagreements)
            {
                return;
            }

            if (disagreements.Length > 0)
            {
                Refuse(disagreements, TypeProblems.DescribeDisagreement(_options.Region, disagreements));
                return;
            }

            if (await UntilAsync(() => _register.RecordAsync(_declared, _stopping.Token)) is not { } recorded)
            {
                return;
            }

            decided = recorded;
        }

        if (decided.Contradictions(_declared) is { IsEmpty: false } contradictions)
        {
            Refuse(contradictions, TypeProblems.Describe(_options.Region, contradictions));
            return;
        }

        _standings.Serve(_declared);
        await UntilAsync(async () =>
        {
            await _known.NoteAsync(_options.Self, decided, _stopping.Token);
            return decided;
        });
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

    /// <summary>Again and again. Null: the silo stops.</summary>
    private async Task<T?> UntilAsync<T>(Func<Task<T>> attempt)
        where T : class
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                return await attempt();
            }
            catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
            {
                return null;
            }
            catch (Exception exception)
            {
                LogFailed(_logger, _options.Region, exception.Message);
                await Task.Delay(RetryAfter, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        return null;
    }

    [LoggerMessage(Level = LogLevel.Critical, Message = "This silo stops, which started while no majority of regions answered. {Problem}")]
    private static partial void LogStops(ILogger logger, string problem);

    [LoggerMessage(Level = LogLevel.Error, Message = "{Region} could not record its grain types and tries again; those that are not recorded are not served: {Problem}")]
    private static partial void LogFailed(ILogger logger, string region, string problem);
}
