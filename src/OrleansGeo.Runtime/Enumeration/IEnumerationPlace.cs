using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Enumeration;

/// <summary>One enumeration's place inside the gate: the user's object that it began on stays until it ends, whatever takes its place.</summary>
internal interface IEnumerationPlace
{
    /// <summary>Whose method is called, as Orleans' requests look for it.</summary>
    ITargetHolder Target { get; }

    /// <summary>Runs a part of a user's method: from one element to the next, or its end.</summary>
    /// <param name="step">Runs it. It may wait for what another request brings, so it must not keep others out.</param>
    /// <returns>What the step returned, once what it depends on is durable.</returns>
    /// <exception cref="GeoException"><see cref="GeoErrorCode.EnumerationAborted"/>: the entity's home moved; part of the step may have run.</exception>
    ValueTask<bool> StepAsync(Func<ValueTask<bool>> step);

    void End();
}
