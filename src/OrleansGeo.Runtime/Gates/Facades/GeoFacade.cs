using System.Collections.Concurrent;

namespace OrleansGeo.Runtime.Gates.Facades;

/// <summary>
/// What Orleans takes for the grain. Only requests that passed the gate reach the author's object; a call that comes without the router's header, of a client
/// that does not use OrleansGeo, meets a method of this object's class, made for the author's (<see cref="FacadeFactory"/>), and is sent again through a reference that does.
/// </summary>
internal abstract class GeoFacade(GeoActivation activation) : IGrainBase, IGrainExtensionBinder
{
    private readonly ConcurrentDictionary<Type, object> _references = new();

    public GeoActivation Activation { get; } = activation;

    public IGrainContext GrainContext => Activation.Context;

    public Task OnActivateAsync(CancellationToken token) => Activation.StartAsync(token);

    public Task OnDeactivateAsync(DeactivationReason reason, CancellationToken token) => Activation.EndAsync(reason, token);

    /// <summary>What arrives at an extension passes no gate, so the author cannot bind one to a geo grain. A stream subscription is one; Orleans' own, such as cancellation, stay.</summary>
    public (TExtension, TExtensionInterface) GetOrSetExtension<TExtension, TExtensionInterface>(Func<TExtension> newExtensionFunc)
        where TExtension : class, TExtensionInterface
        where TExtensionInterface : class, IGrainExtension => IsOrleansOwn(typeof(TExtensionInterface))
            ? Binder.GetOrSetExtension<TExtension, TExtensionInterface>(newExtensionFunc)
            : throw Activation.RefuseExtension(typeof(TExtensionInterface));

    public TExtensionInterface GetExtension<TExtensionInterface>()
        where TExtensionInterface : class, IGrainExtension => Binder.GetExtension<TExtensionInterface>();

    private IGrainExtensionBinder Binder => (IGrainExtensionBinder)Activation.Context;

    private static bool IsOrleansOwn(Type extension) => extension.Assembly.GetName().Name is "Orleans.Core" or "Orleans.Core.Abstractions" or "Orleans.Runtime";

    /// <summary>For the methods that are made: a reference to this very entity, bound to the router.</summary>
    protected internal object Self(Type interfaceType) => _references.GetOrAdd(interfaceType, static (type, facade) => facade.Activation.Context.GrainReference.AsReference(type), this);
}
