namespace OrleansGeo.Runtime.States;

/// <summary>What the type of a state says of whether its format keeps all of it.</summary>
/// <param name="Problems">What is lost, whatever the value: a state with any is refused.</param>
/// <param name="UsesCodec">It is written by Orleans' codec; otherwise as JSON.</param>
/// <param name="IsProven">Every value is kept. Otherwise each write has to look.</param>
internal sealed record StateShape(IReadOnlyList<ShapeProblem> Problems, bool UsesCodec, bool IsProven);
