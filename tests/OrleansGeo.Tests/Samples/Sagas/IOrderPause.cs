namespace OrleansGeo.Tests.Samples.Sagas;

[Alias("sample.pause")]
[GrainInterfaceType("sample.pause")]
public interface IOrderPause : IGrainWithStringKey
{
    [Alias("pass")]
    Task Pass();
}
