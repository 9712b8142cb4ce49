namespace OrleansGeo.Runtime.Gates.Objects;

/// <summary>The activation's context as one user's object has it: services, lifecycle and instance are the object's own, all else is the activation's.</summary>
internal sealed class ObjectContext(IGrainContext activation, UserObject owner, IServiceProvider services, IGrainLifecycle lifecycle) : IGrainContext
{
    public UserObject Owner { get; } = owner;

    public GrainReference GrainReference => activation.GrainReference;

    public GrainId GrainId => activation.GrainId;

    public object? GrainInstance => Owner.Instance;

    public ActivationId ActivationId => activation.ActivationId;

    public GrainAddress Address => activation.Address;

    public IServiceProvider ActivationServices { get; } = services;

    public IGrainLifecycle ObservableLifecycle { get; } = lifecycle;

    public IWorkItemScheduler Scheduler => activation.Scheduler;

    public Task Deactivated => activation.Deactivated;

    public void SetComponent<TComponent>(TComponent? value)
        where TComponent : class => activation.SetComponent(value);

    public object? GetTarget() => Owner.Instance;

    public object? GetComponent(Type componentType) =>
        componentType == typeof(ObjectContext) ? this
        : Owner.Instance is { } instance && componentType.IsInstanceOfType(instance) ? instance
        : activation.GetComponent(componentType);

    public void ReceiveMessage(object message) => activation.ReceiveMessage(message);

    public void Activate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) => activation.Activate(requestContext, cancellationToken);

    public void Deactivate(DeactivationReason deactivationReason, CancellationToken cancellationToken = default) => activation.Deactivate(deactivationReason, cancellationToken);

    public void Rehydrate(IRehydrationContext context) => activation.Rehydrate(context);

    public void Migrate(Dictionary<string, object>? requestContext, CancellationToken cancellationToken = default) => activation.Migrate(requestContext, cancellationToken);

    public bool Equals(IGrainContext? other) => ReferenceEquals(this, other) || activation.Equals(other);

    public override bool Equals(object? obj) => obj is IGrainContext other && Equals(other);

    public override int GetHashCode() => activation.GetHashCode();
}
