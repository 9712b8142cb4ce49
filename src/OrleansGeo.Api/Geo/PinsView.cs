namespace OrleansGeo.Api.Geo;

/// <summary>A page of the pins.</summary>
/// <param name="Pins">The pinned entities.</param>
/// <param name="Next">For the next page; null: there is none.</param>
internal sealed record PinsView(IReadOnlyList<PinView> Pins, string? Next);
