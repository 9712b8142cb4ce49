namespace OrleansGeo.Protocol.Seats;

/// <summary>An effect failed whose outcome the next step needs: the steps begin again from what the store holds.</summary>
internal sealed class SeatStepFailedException(string problem) : Exception(problem);
