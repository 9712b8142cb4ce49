namespace OrleansGeo.Runtime.Routing;

/// <summary>
/// A call that filters hold up, as it was when the code of an open turn made it. Its number among equal ones is drawn only when it is sent: a number that is drawn for one that is never sent
/// would be another one's in the repeat. Which of several equal calls has which does not matter.
/// </summary>
/// <param name="Turn">The turn, which may have ended since; null: no turn with an id makes the call.</param>
/// <param name="Hash">Of target, method and arguments, before filters changed them.</param>
internal readonly record struct NestedCall(CallingTurn? Turn, UInt128 Hash);
