using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Enumeration;

/// <summary>Lets enumerations pass as in one cluster. For activations whose gate is not an <see cref="IEnumerationGate"/>.</summary>
internal sealed class OpenGate(IGrainContext context) : IEnumerationGate
{
    public ITargetHolder Target => context;

    public ValueTask<bool> StepAsync(bool isRead, Func<ValueTask<bool>> step) => step();
}
