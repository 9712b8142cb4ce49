using Orleans.Serialization.Invocation;

namespace OrleansGeo.Runtime.Enumeration;

/// <summary>The gate as enumerations pass it.</summary>
internal interface IEnumerationGate
{
    /// <summary>Whose methods are called: the user's object, as Orleans' requests look for it.</summary>
    ITargetHolder Target { get; }

    /// <summary>Runs a part of a user's method: from one element to the next, or its end.</summary>
    /// <param name="isRead">The method is marked <c>[ReadOnly]</c>: a replica may run it.</param>
    /// <param name="step">Runs it. It may wait for what another request brings, so it must not keep others out.</param>
    /// <returns>What the step returned, once what it depends on is durable.</returns>
    /// <exception cref="Abstractions.Errors.GeoException"><see cref="Abstractions.Errors.GeoErrorCode.NotHome"/>: this region may not run it; the step was not run.</exception>
    ValueTask<bool> StepAsync(bool isRead, Func<ValueTask<bool>> step);
}
