using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Enumeration;

/// <summary>Lets enumerations pass as in one cluster. For activations whose gate is not an <see cref="IEnumerationGate"/>.</summary>
internal sealed class OpenGate(IGrainContext context) : IEnumerationGate, IEnumerationPlace
{
    public ITargetHolder Target => context;

    public ValueTask<IEnumerationPlace> BeginAsync(bool isRead) => new(this);

    public ValueTask<bool> StepAsync(Func<Task<bool>> step) => new(step());

    public void End()
    {
    }
}
