namespace OrleansGeo.Tests.Samples.Sagas;

public enum OrderStep
{
    New,
    Reserved,
    Paid,
    Confirmed,
}
