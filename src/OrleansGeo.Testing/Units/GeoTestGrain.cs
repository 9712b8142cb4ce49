using System.Reflection;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Orleans.Core;
using Orleans.Metadata;
using Orleans.Runtime;
using Orleans.Serialization;
using Orleans.Timers;
using OrleansGeo.Runtime.States;

namespace OrleansGeo.Testing;

/// <summary>
/// One grain without a cluster, for a plain unit test of its class: its constructor gets states that live in memory, and its calls to other grains are
/// answered by objects of the test. Nothing is started, and nothing leaves the process.
/// </summary>
/// <remarks>
/// States behave as <c>geo</c> states do: <see cref="GeoTestState{TState}"/>. What there is not: gates (the test calls the object itself: await one call before the next),
/// durability, routing, replicas, call filters, reminders, streams, and references to the grain itself (<c>AsReference</c>). Timers tick when the test says so
/// (<see cref="Timers"/>). A class may use the members of <see cref="Grain"/> (<c>GrainFactory</c>, keys, timers, <c>DeactivateOnIdle</c>), derive from
/// <see cref="Grain{TGrainState}"/>, whose state is named "state" here, or take <see cref="IGrainContext"/> and <see cref="IGrainFactory"/> by its constructor.
/// For everything else use a <see cref="GeoTestCluster"/>. Not for concurrent use.
/// </remarks>
/// <example><code>
/// await using var ada = new GeoTestGrain&lt;Cart&gt;("ada");
/// ada.Grains.Set&lt;IPrices&gt;("eur", new FixedPrices(12));
/// var cart = await ada.ActivateAsync();
/// await cart.Add("book", 1);
/// Assert.Equal(1, ada.State&lt;CartState&gt;("cart").Stored.Lines["book"]);
/// </code></example>
/// <typeparam name="TGrain">The class under test.</typeparam>
public sealed class GeoTestGrain<TGrain> : IAsyncDisposable, ITestStates
    where TGrain : class, IGrainBase
{
    private readonly Dictionary<string, ITestState> _states = new(StringComparer.Ordinal);
    private readonly GrainId _id;
    private ServiceProvider? _provider;
    private GeoTestContext? _context;
    private TGrain? _grain;

    /// <summary>A grain whose key is a string.</summary>
    public GeoTestGrain(string key)
        : this(IdSpan.Create(key))
    {
    }

    /// <summary>A grain whose key is a <see cref="Guid"/>.</summary>
    public GeoTestGrain(Guid key)
        : this(GrainIdKeyExtensions.CreateGuidKey(key))
    {
    }

    /// <summary>A grain whose key is a number.</summary>
    public GeoTestGrain(long key)
        : this(GrainIdKeyExtensions.CreateIntegerKey(key))
    {
    }

    /// <summary>A grain with any key, such as a compound one made by <see cref="GrainIdKeyExtensions"/>.</summary>
    public GeoTestGrain(IdSpan key)
    {
        _id = GrainId.Create(
            typeof(TGrain).GetCustomAttribute<GrainTypeAttribute>()?.GetGrainType(null!, typeof(TGrain)) ?? GrainType.Create(typeof(TGrain).Name.ToLowerInvariant()),
            key);
        CallFlow.IsRouted = true;
        Services = new ServiceCollection().AddLogging().AddSerializer();
        Services.AddStateSerializers();
        Services.TryAddSingleton(TimeProvider.System);
        Services.AddSingleton<IGrainFactory>(Grains).AddSingleton<ITimerRegistry>(Timers);
        Services.AddSingleton<IGrainRuntime>(services => new GeoTestRuntime(this, services));
        Services.AddSingleton<IPersistentStateFactory>(new GeoTestStateFactory(this));
        Services.AddSingleton<IAttributeToFactoryMapper<PersistentStateAttribute>, PersistentStateAttributeMapper>();
        Services.AddTransient<IGrainContext>(_ => _context!);
    }

    /// <summary>What the grain's constructor may ask for besides states. Add to it before the first activation; later additions are not seen.</summary>
    public IServiceCollection Services { get; }

    /// <summary>The answers to the grain's calls: what <c>GrainFactory.GetGrain</c> gives it.</summary>
    public GeoTestGrains Grains { get; } = new();

    /// <summary>The grain's timers, which tick when the test says so.</summary>
    public GeoTestTimers Timers { get; } = new();

    /// <summary>Whether the active grain has asked to be deactivated. The test does it, by <see cref="DeactivateAsync"/>.</summary>
    public bool WantsToDeactivate => _context is { WantsToDeactivate: true };

    /// <summary>One of the grain's states, by its name in <c>[PersistentState("name", …)]</c>. It can be filled before the first activation, and outlives the grain's objects.</summary>
    /// <exception cref="InvalidOperationException">The state is of another type.</exception>
    public GeoTestState<TState> State<TState>(string name) => ((ITestStates)this).Get<TState>(name);

    GeoTestState<TState> ITestStates.Get<TState>(string name)
    {
        if (!_states.TryGetValue(name, out var state))
        {
            _states[name] = state = GeoTestState<TState>.Create(name, Provider);
        }

        return state as GeoTestState<TState>
            ?? throw new InvalidOperationException($"State '{name}' of {typeof(TGrain)} is a {state.GetType().GetGenericArguments()[0]}, and is asked for as {typeof(TState)}. Ask for the type of the grain's constructor.");
    }

    private ServiceProvider Provider => _provider ??= Services.BuildServiceProvider();

    /// <summary>Makes the grain's object over what its states hold, and runs its <c>OnActivateAsync</c>.</summary>
    /// <exception cref="InvalidOperationException">It is active: <see cref="DeactivateAsync"/> or <see cref="Crash"/> comes first.</exception>
    public async Task<TGrain> ActivateAsync(CancellationToken cancellationToken = default)
    {
        if (_grain is not null)
        {
            throw new InvalidOperationException($"{_id} is active: call {nameof(DeactivateAsync)} or {nameof(Crash)} first.");
        }

        foreach (var state in _states.Values)
        {
            state.Reload();
        }

        var context = _context = new GeoTestContext(_id, Provider);
        try
        {
            var grain = GrainConstruction.Create<TGrain>(context);
            context.GrainInstance = grain;
            await context.Lifecycle.OnStart(cancellationToken);
            await grain.OnActivateAsync(cancellationToken);
            return _grain = grain;
        }
        catch
        {
            Crash();
            throw;
        }
    }

    /// <summary>Runs the grain's <c>OnDeactivateAsync</c>, ends its timers and gives its object up. What it had written is there at the next activation.</summary>
    /// <exception cref="InvalidOperationException">It is not active.</exception>
    public async Task DeactivateAsync(CancellationToken cancellationToken = default)
    {
        var grain = _grain ?? throw new InvalidOperationException($"{_id} is not active: call {nameof(ActivateAsync)} first.");
        var context = _context!;
        try
        {
            await grain.OnDeactivateAsync(new(DeactivationReasonCode.ApplicationRequested, "The test deactivates it."), cancellationToken);
            await context.Lifecycle.OnStop(cancellationToken);
        }
        finally
        {
            Crash();
        }

        await DisposeAsync(grain);
    }

    /// <summary>Gives the grain's object up without a word to it, as when its silo is lost: what it had not written is gone.</summary>
    public void Crash()
    {
        Timers.Clear();
        (_grain, _context) = (null, null);
    }

    /// <summary>Frees the services. The grain is not told.</summary>
    public async ValueTask DisposeAsync()
    {
        Crash();
        if (_provider is { } provider)
        {
            await provider.DisposeAsync();
        }
    }

    private static async ValueTask DisposeAsync(TGrain grain)
    {
        if (grain is IAsyncDisposable asynchronous)
        {
            await asynchronous.DisposeAsync();
        }
        else
        {
            (grain as IDisposable)?.Dispose();
        }
    }
}
