namespace OrleansGeo.Runtime.Checks;

/// <summary>Something of a grain class that cannot work.</summary>
/// <param name="Member">The parameter, method or state that it is about; null: the class.</param>
/// <param name="Text">Cause, effect and remedy, in whole sentences.</param>
internal readonly record struct Finding(string? Member, string Text);
