"""`make chaos`: people work while processes are killed, the disk fills, storage fails and the clock steps back."""
