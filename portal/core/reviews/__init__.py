"""Three reviews before anything becomes public: who may sign, what is signed, what follows."""
