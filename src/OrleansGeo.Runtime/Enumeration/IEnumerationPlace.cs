using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Enumeration;

/// <summary>One enumeration's place inside the gate: the user's object that it began on stays until it ends. One that is no read, and waits, ends at the latest with the object.</summary>
internal interface IEnumerationPlace
{
    /// <summary>Whose method is called, as Orleans' requests look for it.</summary>
    ITargetHolder Target { get; }

    /// <summary>Runs a part of a user's method: from one element to the next, or its end.</summary>
    /// <param name="step">Runs it. It may wait for what another request brings, so it must not keep others out.</param>
    /// <returns>What the step returned, once what it depends on is durable.</returns>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.EnumerationAborted"/>: it ended with the object, because the entity's home moved, say. Part of the step may have run, and it may run yet.</exception>
    ValueTask<bool> StepAsync(Func<Task<bool>> step);

    void End();
}
