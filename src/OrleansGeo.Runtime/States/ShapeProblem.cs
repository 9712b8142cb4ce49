namespace OrleansGeo.Runtime.States;

/// <summary>A part of a state that would not be kept, whatever its value.</summary>
/// <param name="Member">Its path from the state's type.</param>
/// <param name="Text">Cause, effect and remedy.</param>
internal readonly record struct ShapeProblem(string Member, string Text);
