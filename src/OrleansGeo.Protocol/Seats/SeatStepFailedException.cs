namespace OrleansGeo.Protocol.Seats;

/// <summary>A step of a seat failed: the steps begin again.</summary>
internal sealed class SeatStepFailedException(SeatFailure failure) : Exception(failure.Problem)
{
    public SeatStepFailedException(string problem)
        : this(new SeatFailure(problem, IsDamage: false))
    {
    }

    public SeatFailure Failure => failure;
}
