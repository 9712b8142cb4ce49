using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Gates.Objects;

/// <summary>Makes the user's object, not the facade that Orleans holds, the target of a request that passed the gate.</summary>
internal sealed class UserTarget(object instance, IGrainContext activation) : ITargetHolder
{
    public object? GetTarget() => instance;

    public object? GetComponent(Type componentType) => componentType.IsInstanceOfType(instance) ? instance : activation.GetComponent(componentType);
}
