namespace OrleansGeo.Tests.Histories;

/// <summary>Where a search stands. Equal configurations have equal futures, so each is visited once (Lowe 2017).</summary>
/// <param name="Returned">How many returns are behind it: their operations are placed.</param>
/// <param name="Placed">The bits of the operations placed among those under way.</param>
/// <param name="State">What the placed operations made.</param>
/// <param name="Trial">Set when the last one placed is of unknown outcome: the state without it.</param>
internal readonly record struct Configuration<TState>(int Returned, UInt128 Placed, TState State, TState? Trial)
    where TState : struct, IEquatable<TState>;
