using Orleans.Runtime;

namespace OrleansGeo.Testing;

/// <summary>The context of a grain under test: its id, services, lifecycle and components, and no activation behind it.</summary>
internal sealed class GeoTestContext(GrainId id, IServiceProvider services) : IGrainContext
{
    private readonly Dictionary<Type, object> _components = [];

    public GeoTestLifecycle Lifecycle { get; } = new();

    public bool WantsToDeactivate { get; private set; }

    public GrainId GrainId => id;

    public object? GrainInstance { get; set; }

    public ActivationId ActivationId { get; } = ActivationId.NewId();

    public GrainAddress Address => new() { GrainId = id, ActivationId = ActivationId };

    public IServiceProvider ActivationServices => services;

    public IGrainLifecycle ObservableLifecycle => Lifecycle;

    public GrainReference GrainReference => throw Missing("reference to itself");

    public IWorkItemScheduler Scheduler => throw Missing("scheduler");

    public Task Deactivated => throw Missing("end that could be awaited");

    public object? GetTarget() => GrainInstance;

    public object? GetComponent(Type componentType) => _components.GetValueOrDefault(componentType);

    public void SetComponent<TComponent>(TComponent? value)
        where TComponent : class
    {
        if (value is null)
        {
            _components.Remove(typeof(TComponent));
        }
        else
        {
            _components[typeof(TComponent)] = value;
        }
    }

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default) => WantsToDeactivate = true;

    public void Migrate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) => WantsToDeactivate = true;

    public void ReceiveMessage(object message) => throw Missing("inbox");

    public void Activate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) => throw Missing("activation of its own");

    public void Rehydrate(IRehydrationContext context) => throw Missing("migration");

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other);

    private NotSupportedException Missing(string what) => new($"{id} is tested without a cluster and has no {what}. Use a {nameof(GeoTestCluster)} for that.");
}
